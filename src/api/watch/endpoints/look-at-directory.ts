import { z } from 'zod';
import { recordAudit } from '../../../db/admin/audit';
import { organizationAddress } from '../../http/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { Problem } from '../../http/problem';

export const lookAtDirectoryEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/watch/look',
  tag: 'Watch',
  role: 'operator',
  summary: 'Look for new users and group changes now',
  description:
    'Does not wait for the next interval. Where a look is under way, this one follows it; asking more often than that changes nothing. `looks` of the watch moves on.',
  body: z.strictObject({}),
  bodyOptional: true,
  replies: {
    202: {
      description: 'Looking',
      schema: z.strictObject({ links: z.strictObject({ watch: z.string() }) }),
      headers: { Location: 'Of the watch' },
    },
  },
  problems: ['not-observed', 'temporal-unavailable'],
  async handle({ deps, organization, caller, request }) {
    const { orgId, orgUuid } = organization;
    const isWatched = await deps.jobs.startLook({ orgUuid }).catch((error: unknown) => {
      request.log.warn({ err: error }, 'a look of the watch could not be started');
      throw new Problem('temporal-unavailable', 'Try again in a moment; nothing was started.', {
        headers: { 'Retry-After': '5' },
      });
    });
    if (!isWatched) {
      throw new Problem('not-observed', 'No worker has begun to watch this organization yet.');
    }
    await recordAudit(deps.db, { orgId, actor: caller, action: 'watch.asked', target: 'watch' });
    const watch = `${organizationAddress(orgId)}/watch`;
    return { status: 202, body: { links: { watch } }, headers: { Location: watch } };
  },
});
