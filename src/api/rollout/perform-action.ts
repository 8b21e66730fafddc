import { createHash, randomUUID } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import { findAnswer, storeAnswer } from '../../db/admin/idempotency';
import { findPendingAction, keepAction } from '../../db/rollout/pending-actions';
import type { RolloutRow } from '../../db/rollout/rollouts';
import type { Action } from '../../domain/rollout/rollout-phase';
import type { ActionInput, ActionResult } from '../../contract/messages';
import { rolloutAddress } from '../http/addresses';
import { checkAction } from './check-action';
import type { Exchange, Reply } from '../http/endpoint';
import { problemOfRejection } from './problem-of-rejection';
import { Problem } from '../http/problem';
import { rolloutOf } from './find-rollout';

interface ActionBody {
  reason?: string | undefined;
  expectedPhaseVersion?: number | undefined;
}
export type ActionExchange<Body extends ActionBody> = Exchange<
  'orgId' | 'rolloutId',
  unknown,
  Body
>;

/**
 * Delivers an action as an update: 200 once applied, 202 where no worker answered in time (it is
 * kept and delivered again), a 409 with the actions that make sense where it was refused.
 * The same `Idempotency-Key` is the same update, and gets the same answer.
 */
export async function performAction<Body extends ActionBody>(
  exchange: ActionExchange<Body>,
  act: { action: Action; updateName: string; input?: Record<string, unknown>; digest?: string },
): Promise<Reply> {
  const { deps, caller, body, idempotencyKey } = exchange;
  const row = await rolloutOf(deps.db, exchange.organization.orgId, exchange.params.rolloutId);
  const asked = { act, body, rolloutId: row.rolloutId };
  const requestHash = createHash('sha256').update(JSON.stringify(asked)).digest('hex');
  const updateId = `${row.rolloutId}/${act.action}/${idempotencyKey ?? randomUUID()}`;
  if (idempotencyKey !== null) {
    const earlier = await earlierAnswer(exchange, row, { updateId, requestHash });
    if (earlier) return earlier;
  }
  await checkAction(deps, row, {
    action: act.action,
    digest: act.digest,
    expectedPhaseVersion: body.expectedPhaseVersion,
  });

  const input: ActionInput = {
    actor: { name: caller.name, role: caller.role },
    expectedPhaseVersion: body.expectedPhaseVersion ?? row.phaseVersion,
    reason: body.reason ?? '',
    ...act.input,
  };
  const { workflowId, orgId, rolloutId } = row;
  const { updateName } = act;
  const answer = await deps.jobs.act({ workflowId, updateName, updateId, input });
  switch (answer.kind) {
    case 'rejected':
      throw await problemOfRejection(deps, row, answer);
    case 'applied': {
      const reply = answered(row, answer.result, 200);
      const { status, body } = reply;
      if (idempotencyKey !== null) {
        const stored = { orgId, key: updateId, requestHash, status, location: null, body };
        await storeAnswer(deps.db, stored);
      }
      return reply;
    }
    case 'accepted':
      await deps.db.transaction(async (tx) => {
        await keepAction(tx, {
          updateId,
          orgId,
          rolloutId,
          workflowId,
          updateName,
          input: { ...input },
        });
        await recordAudit(tx, {
          orgId,
          actor: caller,
          action: `rollout.${act.action}.accepted`,
          target: `rollouts/${rolloutId}`,
          details: { reason: input.reason },
        });
      });
      return answered(row, row, 202);
  }
}

/** What this key was answered before; undefined where it is new. */
export async function earlierAnswer(
  { deps }: Pick<ActionExchange<ActionBody>, 'deps'>,
  row: RolloutRow,
  asked: { updateId: string; requestHash: string },
): Promise<Reply | undefined> {
  const stored = await findAnswer(deps.db, row.orgId, asked.updateId);
  if (stored && stored.requestHash !== asked.requestHash) {
    throw new Problem('idempotency-key-reused', 'This key was used for another action.');
  }
  if (stored) {
    return {
      status: stored.status,
      body: stored.body,
      headers: { 'Idempotent-Replayed': 'true' },
    };
  }
  const pending = await findPendingAction(deps.db, asked.updateId);
  if (!pending) return undefined;
  if (pending.settledAt === null) return answered(row, row, 202);
  if (pending.result === 'applied') return answered(row, row, 200);
  throw new Problem('action-not-allowed', `It was refused: ${pending.result ?? 'no reason given'}`);
}

/** 200: applied; 202: accepted, and delivered again until a workflow has taken or refused it. */
export function answered(row: RolloutRow, result: ActionResult, status: 200 | 202): Reply {
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
