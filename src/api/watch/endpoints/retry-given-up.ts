import { z } from 'zod';
import { recordAudit } from '../../../db/admin/audit';
import { tryGivenUpAgain } from '../../../db/watch/given-up';
import { lockWatchState } from '../../../db/watch/watch-state';
import { organizationAddress } from '../../http/parameters/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { requestCheck } from '../request-check';

export const retryGivenUpEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/watch/retry',
  tag: 'Watch',
  role: 'operator',
  summary: 'Try again for the users whom the watch has given up on',
  description:
    'The users in `givenUp` of the watch are planned again by the next check, which is started, and tried for another day.',
  body: z.strictObject({}),
  bodyOptional: true,
  replies: {
    202: {
      description: 'The users are tried again',
      schema: z.strictObject({
        users: z.int().min(0).meta({ description: 'Users who are tried again' }),
        links: z.strictObject({ watch: z.string() }),
      }),
      headers: { Location: 'Address of the watch' },
    },
  },
  async handle(exchange) {
    const { deps, organization, caller } = exchange;
    const { orgId } = organization;
    const users = await deps.db.transaction(async (tx) => {
      await lockWatchState(tx, orgId);
      const again = await tryGivenUpAgain(tx, orgId);
      const event = { orgId, actor: caller, action: 'watch.retried', target: 'watch' };
      await recordAudit(tx, { ...event, details: { users: again } });
      return again;
    });
    if (users > 0) await requestCheck(exchange, organization);
    const watch = `${organizationAddress(orgId)}/watch`;
    return { status: 202, body: { users, links: { watch } }, headers: { Location: watch } };
  },
});
