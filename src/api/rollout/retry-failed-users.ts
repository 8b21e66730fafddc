import { createHash } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import { storeAnswer } from '../../db/admin/idempotency';
import { beginRetry, findWritingRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { retryWorkflowId } from '../../contract/ids';
import { busyProblem, checkAction } from './check-action';
import { answered, earlierAnswer, type ActionExchange } from './perform-action';
import type { Reply } from '../http/endpoint';
import { violates } from '../http/to-problem';
import { Problem } from '../http/problem';
import { rolloutOf } from './find-rollout';

interface RetryBody {
  reason?: string | undefined;
  expectedPhaseVersion?: number | undefined;
}

/**
 * Takes an ended rollout up again: first its row, which claims the organization (R25), then the
 * workflow of this retry. Where Temporal is away, upkeep starts it within a minute.
 */
export async function retryFailedUsers(exchange: ActionExchange<RetryBody>): Promise<Reply> {
  const { deps, organization, body, idempotencyKey } = exchange;
  const row = await rolloutOf(deps.db, organization.orgId, exchange.params.rolloutId);
  const asked = JSON.stringify({ body, rolloutId: row.rolloutId });
  const requestHash = createHash('sha256').update(asked).digest('hex');
  const key = idempotencyKey && `${row.rolloutId}/retry-failed/${idempotencyKey}`;
  const earlier = key && (await earlierAnswer(exchange, row, { updateId: key, requestHash }));
  if (earlier) return earlier;
  const { expectedPhaseVersion } = body;
  await checkAction(deps, row, { action: 'retry-failed', expectedPhaseVersion });

  const n = row.retries + 1;
  const begun = await begin(exchange, row, { n, key, requestHash });
  try {
    const { orgUuid } = organization;
    await deps.jobs.startRetry({ ...begun, orgUuid, n, phaseVersion: begun.phaseVersion });
  } catch (error) {
    const { rolloutId } = begun;
    exchange.request.log.warn({ err: error, rolloutId }, 'a retry could not be started yet');
    return answered(begun, begun, 202);
  }
  return answered(begun, begun, 200);
}

async function begin(
  { deps, organization, caller, body }: ActionExchange<RetryBody>,
  row: RolloutRow,
  retry: { n: number; key: string | null; requestHash: string },
): Promise<RolloutRow> {
  const { orgId, rolloutId, phaseVersion } = row;
  const workflowId = retryWorkflowId(organization.orgUuid, rolloutId, retry.n);
  try {
    return await deps.db.transaction(async (tx) => {
      const begun = await beginRetry(tx, { rolloutId, phaseVersion, workflowId });
      if (!begun) throw new Problem('action-too-late', 'The rollout has moved on meanwhile.');
      await recordAudit(tx, {
        orgId,
        actor: caller,
        action: 'rollout.retried',
        target: `rollouts/${rolloutId}`,
        details: { n: retry.n, reason: body.reason ?? '' },
      });
      if (retry.key !== null) {
        const { body: answer } = answered(begun, begun, 200);
        const { key, requestHash } = retry;
        await storeAnswer(tx, {
          orgId,
          key,
          requestHash,
          status: 200,
          location: null,
          body: answer,
        });
      }
      return begun;
    });
  } catch (error) {
    if (!violates(error, 'rollout_one_writing')) throw error;
    const writing = await findWritingRollout(deps.db, orgId);
    throw writing ? busyProblem(writing) : error;
  }
}
