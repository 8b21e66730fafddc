import { retryWorkflowId } from '../../../contract/ids';
import { recordAudit } from '../../../db/admin/audit';
import { livingSuccessor } from '../../../db/rollout/replan';
import { beginRetry, findWritingRollout, type RolloutRow } from '../../../db/rollout/rollouts';
import type { Reply } from '../../http/exchange';
import { Problem } from '../../http/problem';
import { violates } from '../../http/to-problem';
import {
  requestDigest,
  withIdempotencyKey,
  type KeepAnswer,
} from '../../http/with-idempotency-key';
import { busyProblem, checkAction, takenUpProblem } from './check-action';
import { expectMayAct } from './expect-approver';
import { actionReply, type ActionExchange } from './perform-action';
import { requireRollout } from '../require-rollout';

/**
 * Resumes an ended rollout for its failed users: first its row, which claims the organization (R25),
 * then the workflow of this retry. If Temporal can't be reached, upkeep starts it within a minute.
 */
export async function retryFailedUsers(exchange: ActionExchange): Promise<Reply> {
  const { deps, organization, params, body } = exchange;
  const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
  const { rolloutId } = row;
  return withIdempotencyKey({
    exchange,
    scope: `${rolloutId}/retry-failed`,
    digest: () => requestDigest({ body, rolloutId }),
    work: (keep) => retry(exchange, row, keep),
  });
}

async function retry(exchange: ActionExchange, row: RolloutRow, keep: KeepAnswer): Promise<Reply> {
  const { deps, organization, caller, body } = exchange;
  const { expectedPhaseVersion } = body;
  await expectMayAct(deps, caller, { row, action: 'retry-failed' });
  await checkAction(deps, row, { action: 'retry-failed', expectedPhaseVersion });
  const n = row.retries + 1;
  const begun = await begin(exchange, row, { n, keep });
  const { rolloutId, phaseVersion } = begun;
  try {
    await deps.jobs.startRetry({ ...begun, orgUuid: organization.orgUuid, n, phaseVersion });
  } catch (error) {
    exchange.request.log.warn({ err: error, rolloutId }, 'a retry could not be started yet');
    return actionReply(begun, begun, 202);
  }
  return actionReply(begun, begun, 200);
}

async function begin(
  { deps, organization, caller, body }: ActionExchange,
  row: RolloutRow,
  { n, keep }: { n: number; keep: KeepAnswer },
): Promise<RolloutRow> {
  const { orgId, rolloutId, phaseVersion } = row;
  const workflowId = retryWorkflowId(organization.orgUuid, rolloutId, n);
  try {
    return await deps.db.transaction(async (tx) => {
      const living = await livingSuccessor(tx, rolloutId);
      if (living) throw takenUpProblem(living);
      const begun = await beginRetry(tx, { rolloutId, phaseVersion, workflowId });
      if (!begun) throw new Problem('action-too-late', 'The rollout has moved on in the meantime.');
      await recordAudit(tx, {
        orgId,
        actor: caller,
        action: 'rollout.retried',
        target: `rollouts/${rolloutId}`,
        details: { n, reason: body.reason ?? '' },
      });
      await keep(tx, { status: 200, location: null, body: actionReply(begun, begun, 200).body });
      return begun;
    });
  } catch (error) {
    if (!violates(error, 'rollout_one_writing')) throw error;
    const writing = await findWritingRollout(deps.db, orgId);
    throw writing ? busyProblem(writing) : error;
  }
}
