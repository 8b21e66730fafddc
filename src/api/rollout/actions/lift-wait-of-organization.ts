import { recordAudit } from '../../../db/admin/audit';
import { liftWait } from '../../../db/write/pace';
import type { Reply } from '../../http/exchange';
import {
  requestDigest,
  withIdempotencyKey,
  type KeepAnswer,
} from '../../http/with-idempotency-key';
import { checkAction } from './check-action';
import { actionReply, type ActionExchange } from './perform-action';
import { requireRollout } from '../require-rollout';
import type { RolloutRow } from '../../../db/rollout/rollouts';

/** Ends the wait that Webex asked the organization for (R98), with an entry in the audit log. */
export async function liftWaitOfOrganization(exchange: ActionExchange): Promise<Reply> {
  const { deps, organization, params, body } = exchange;
  const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
  return withIdempotencyKey({
    exchange,
    scope: `${row.rolloutId}/lift-wait`,
    digest: () => requestDigest({ body, rolloutId: row.rolloutId }),
    work: (keep) => lift(exchange, row, keep),
  });
}

async function lift(exchange: ActionExchange, row: RolloutRow, keep: KeepAnswer): Promise<Reply> {
  const { deps, caller, body } = exchange;
  const { orgId, rolloutId } = row;
  const { expectedPhaseVersion } = body;
  await checkAction(deps, row, { action: 'lift-wait', expectedPhaseVersion });
  const reply = actionReply(row, row, 200);
  await deps.db.transaction(async (tx) => {
    const lifted = await liftWait(tx, orgId);
    await keep(tx, { status: 200, location: null, body: reply.body });
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'rollout.wait-lifted',
      target: `rollouts/${rolloutId}`,
      details: {
        reason: body.reason ?? '',
        waitedFor: lifted?.reason ?? null,
        until: lifted?.until.toISOString() ?? null,
      },
    });
  });
  return reply;
}
