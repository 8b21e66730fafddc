import { z } from 'zod';
import { recordAudit } from '../../../db/admin/audit';
import { grantList, listRefusals } from '../../../db/directory/beliefs/refusals';
import { isAcceptable, listTitle } from '../../../domain/watch/refused-list';
import { organizationAddress } from '../../http/parameters/addresses';
import { defineEndpoint } from '../../http/endpoint';
import { Problem } from '../../http/problem';
import { requestCheck } from '../request-check';
import { refusedListView } from '../refused-list-view';
import { refusedList } from '../schema';

const count = z.int().min(0);

export const acceptListEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/watch/accept',
  tag: 'Watch',
  role: 'admin',
  summary: 'Accept a list of the directory that was refused',
  description:
    'Name the list as `refused` of the watch shows it, with the figures that you have seen: with other figures nothing is accepted. What is missing from the list counts as gone once the next check, which is started, agrees. A list of people or licenses that is `incomplete` cannot be accepted: Webex gives no total to compare it with.',
  body: z.strictObject({
    list: z.string().min(1).max(500).meta({
      description: 'The list, as `refused` of the watch names it',
      example: 'people',
    }),
    before: count.meta({ description: '`before` of the list, as you have seen it' }),
    now: count.meta({ description: '`now` of the list, as you have seen it' }),
    reason: z.string().trim().min(1).max(500).meta({
      description: 'Why the list is right; kept in the audit log',
      example: '90 contractors have left',
    }),
  }),
  replies: {
    202: {
      description: 'The list is accepted, and a check is started',
      schema: z.strictObject({
        accepted: refusedList,
        links: z.strictObject({ watch: z.string() }),
      }),
      headers: { Location: 'Address of the watch' },
    },
  },
  problems: ['not-found', 'figures-changed'],
  async handle(exchange) {
    const { deps, organization, caller, body } = exchange;
    const { orgId } = organization;
    const { list, before, now, reason } = body;
    const actor = { name: caller.name, role: caller.role };
    await deps.db.transaction(async (tx) => {
      const [refused] = await listRefusals(tx, orgId, list);
      if (!refused) throw new Problem('not-found', 'No list of this name is refused.');
      if (refused.before !== before || refused.now !== now) {
        throw new Problem(
          'figures-changed',
          `It shows ${refused.now} of ${refused.before} by now. Look at it again.`,
          { members: { refused: refusedListView(refused) } },
        );
      }
      if (!isAcceptable(refused)) {
        throw new Problem(
          'invalid-request',
          `${listTitle(refused)} can't be accepted: its pages don't fit together, so nobody knows what is missing. It is read again by every check.`,
          { members: { refused: refusedListView(refused) } },
        );
      }
      const { missing } = refused;
      await grantList(tx, { orgId, list, shown: now, missing, actor, reason });
      const details = { list, before, now, missing, reason };
      await recordAudit(tx, {
        orgId,
        actor,
        action: 'directory.accepted',
        target: 'watch',
        details,
      });
    });
    await requestCheck(exchange, organization);
    const [accepted] = await listRefusals(deps.db, orgId, list);
    if (!accepted) throw new Problem('not-found', 'The list is not refused any more.');
    const watch = `${organizationAddress(orgId)}/watch`;
    return {
      status: 202,
      body: { accepted: refusedListView(accepted), links: { watch } },
      headers: { Location: watch },
    };
  },
});
