import { randomUUID } from 'node:crypto';
import type { ActionInput, ActionResult } from '../../../contract/messages';
import { recordAudit } from '../../../db/admin/audit';
import type { Queryable } from '../../../db/connect';
import { findPendingAction, keepAction } from '../../../db/rollout/pending-actions';
import type { RolloutRow } from '../../../db/rollout/rollouts';
import type { Action } from '../../../domain/rollout/rollout-phase';
import { rolloutAddress } from '../../http/parameters/addresses';
import type { Exchange, Reply } from '../../http/exchange';
import { Problem } from '../../http/problem';
import {
  requestDigest,
  withIdempotencyKey,
  type KeepAnswer,
} from '../../http/with-idempotency-key';
import { checkAction } from './check-action';
import { expectMayAct } from './expect-approver';
import { rejectionProblem } from './rejection-problem';
import { requireRollout } from '../require-rollout';
import type { ActAnswer } from '../../jobs/jobs';

export interface ActionBody {
  reason?: string | undefined;
  expectedPhaseVersion?: number | undefined;
}
export type ActionExchange = Exchange<'orgId' | 'rolloutId', unknown, ActionBody>;

interface Act {
  action: Action;
  updateName: string;
  input?: Record<string, unknown>;
  digest?: string;
}

/**
 * Delivers an action as an update: 200 once applied, 202 if no worker answered in time, or if an
 * earlier action waits for one (it is stored and delivered again), a 409 with the actions that are possible if it was refused.
 * The same `Idempotency-Key` is the same update, and gets the same answer.
 */
export async function performAction(exchange: ActionExchange, act: Act): Promise<Reply> {
  const { deps, organization, params, body, idempotencyKey } = exchange;
  const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
  const { rolloutId } = row;
  const scope = `${rolloutId}/${act.action}`;
  const updateId = `${scope}/${idempotencyKey ?? randomUUID()}`;
  return withIdempotencyKey({
    exchange,
    scope,
    digest: () => requestDigest({ act, body, rolloutId }),
    work: async (keep) =>
      (await pendingReply(deps.db, row, updateId)) ??
      deliver(exchange, { act, row, updateId, keep }),
  });
}

async function deliver(
  { deps, caller, body }: ActionExchange,
  asked: { act: Act; row: RolloutRow; updateId: string; keep: KeepAnswer },
): Promise<Reply> {
  const { act, row, updateId, keep } = asked;
  const { action, digest, updateName } = act;
  const { expectedPhaseVersion } = body;
  await expectMayAct(deps, caller, { row, action });
  const { asked: earlier } = await checkAction(deps, row, { action, digest, expectedPhaseVersion });
  const input: ActionInput = {
    actor: { name: caller.name, role: caller.role },
    expectedPhaseVersion: expectedPhaseVersion ?? row.phaseVersion,
    reason: body.reason ?? '',
    ...act.input,
  };
  const { workflowId, orgId, rolloutId } = row;
  // It never overtakes an action that was accepted before it.
  const answer: ActAnswer =
    earlier.length > 0
      ? { kind: 'accepted' }
      : await deps.jobs.act({ workflowId, updateName, updateId, input });
  switch (answer.kind) {
    case 'rejected':
      throw await rejectionProblem(deps, row, answer);
    case 'applied': {
      const reply = actionReply(row, answer.result, 200);
      await keep(deps.db, { status: reply.status, location: null, body: reply.body });
      return reply;
    }
    case 'accepted':
      await deps.db.transaction(async (tx) => {
        const kept = { updateId, orgId, rolloutId, workflowId, updateName, input: { ...input } };
        await keepAction(tx, kept);
        await recordAudit(tx, {
          orgId,
          actor: caller,
          action: `rollout.${action}.accepted`,
          target: `rollouts/${rolloutId}`,
          details: { reason: input.reason },
        });
      });
      return actionReply(row, row, 202);
  }
}

/** The answer while an earlier request with this id is delivered again, and after; undefined if there was none. */
async function pendingReply(
  db: Queryable,
  row: RolloutRow,
  updateId: string,
): Promise<Reply | undefined> {
  const pending = await findPendingAction(db, updateId);
  if (!pending) return undefined;
  if (pending.settledAt === null) return actionReply(row, row, 202);
  if (pending.result === 'applied') return actionReply(row, row, 200);
  const why = pending.result ?? 'no reason was given';
  throw new Problem('action-not-allowed', `The action was refused: ${why}`);
}

/** 200: applied; 202: accepted, and delivered again until a workflow has applied or refused it. */
export function actionReply(row: RolloutRow, result: ActionResult, status: 200 | 202): Reply {
  const { phase, phaseVersion, paused } = result;
  const self = rolloutAddress(row.orgId, row.rolloutId);
  const body = {
    applied: status === 200,
    phase,
    phaseVersion,
    paused,
    links: { rollout: self },
  };
  return { status, body, headers: status === 202 ? { Location: self } : {} };
}
