import { createHash, randomUUID } from 'node:crypto';
import { rolloutWorkflowId } from '../../contract/ids';
import { replanUpdate, type ReplanInput } from '../../contract/messages';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { findPendingAction, keepAction } from '../../db/rollout/pending-actions';
import {
  hasActedOn,
  keepNextRequest,
  livingSuccessor,
  openSuccessor,
  succeeded,
} from '../../db/rollout/replan';
import { findRollout, type RolloutRow } from '../../db/rollout/rollouts';
import type { NextRequest } from '../../domain/request/next-request';
import { isFinal } from '../../domain/rollout/rollout-phase';
import type { Exchange, Reply } from '../http/exchange';
import { Problem } from '../http/problem';
import { requestDigest, withIdempotencyKey, type KeepAnswer } from '../http/with-idempotency-key';
import { checkAction, takenUpProblem } from '../rollout/actions/check-action';
import { expectMayWaive } from '../rollout/actions/expect-approver';
import { rejectionProblem } from '../rollout/actions/rejection-problem';
import type { ReplanBody } from '../rollout/request-schema';
import { requireRollout } from '../rollout/require-rollout';
import { completeReplan, type CompletedRequest } from './complete-request-body';
import { changeToday } from './change-today';
import { describe, replyOf } from './plan-rollout';
import { expectMayEnd, refuseInUse } from './refuse-in-use';

type ReplanExchange = Exchange<'orgId' | 'rolloutId', unknown, ReplanBody>;

interface Asked {
  row: RolloutRow;
  /** The same key is the same update. */
  updateId: string;
  /** The same key with the same request names the same plan. */
  requestId: string;
  keep: KeepAnswer;
}

/**
 * Plans a rollout again (R102): in place before its start, and as a rollout of its own for the users who
 * are left of one that was started. One that still runs hands over; one that has ended is taken up.
 */
export async function replanRollout(exchange: ReplanExchange): Promise<Reply> {
  const { deps, organization, params, body, idempotencyKey } = exchange;
  const row = await requireRollout(deps.db, organization.orgId, params.rolloutId);
  const scope = `${row.rolloutId}/replan`;
  const updateId = `${scope}/${idempotencyKey ?? randomUUID()}`;
  const digest = requestDigest({ body, rolloutId: row.rolloutId });
  const asked = { row, updateId, requestId: uuidFrom(`${updateId}/${digest}`) };
  return withIdempotencyKey({
    exchange,
    scope,
    digest: () => digest,
    replay: async (stored) => {
      const { rolloutId } = stored.body as { rolloutId: string };
      const planned = await findRollout(deps.db, organization.orgId, rolloutId);
      return planned ? replyOf(exchange, planned) : null;
    },
    work: async (keep) =>
      (await pendingReply(exchange, row, updateId)) ??
      (await actedReply(exchange, { ...asked, keep })) ??
      (await replan(exchange, { ...asked, keep })),
  });
}

async function replan(exchange: ReplanExchange, asked: Asked): Promise<Reply> {
  const { deps, body, caller } = exchange;
  const { row } = asked;
  const { expectedPhaseVersion } = body;
  await checkAction(deps, row, { action: 'replan', expectedPhaseVersion });
  expectMayEnd(caller, row.request);
  return isFinal(row.phase) ? takeUp(exchange, asked) : askWorkflow(exchange, asked);
}

/** A rollout that has ended: nothing runs, so that one transaction does everything. */
async function takeUp(exchange: ReplanExchange, { row, requestId, keep }: Asked): Promise<Reply> {
  const { deps, organization, caller } = exchange;
  const from = await leavesUsers(exchange, row);
  const successor = await deps.db.transaction(async (tx) => {
    const living = await livingSuccessor(tx, from.rolloutId);
    if (living) throw takenUpProblem(living);
    await expectUnmoved(tx, row);
    await expectUnmoved(tx, from);
    const completed = await complete(exchange, tx, row);
    await refuseInUse(tx, caller, completed);
    const next = nextRequest(exchange, requestId, completed);
    await keep(tx, { status: 202, location: null, body: { rolloutId: next.requestId } });
    return await openSuccessor(tx, row, next, caller);
  });
  await startWorkflow(exchange, successor);
  return replyOf({ ...exchange, organization }, successor);
}

/** The rollout whose users are taken up: an earlier one, where this one has failed before it had a plan. */
async function leavesUsers({ deps }: ReplanExchange, row: RolloutRow): Promise<RolloutRow> {
  const rolloutId = succeeded(row);
  if (rolloutId === row.rolloutId) return row;
  const from = await requireRollout(deps.db, row.orgId, rolloutId);
  await checkAction(deps, from, { action: 'replan' });
  return from;
}

/** A rollout that waits for its start, or hands over what it leaves: its workflow decides the moment. */
async function askWorkflow(exchange: ReplanExchange, asked: Asked): Promise<Reply> {
  const { deps, body, caller } = exchange;
  const { row, updateId, requestId, keep } = asked;
  const next = await deps.db.transaction(async (tx) => {
    const completed = await complete(exchange, tx, row);
    expectMayWaive(caller, completed.request);
    const kept = nextRequest(exchange, requestId, completed);
    if (await keepNextRequest(tx, row, kept)) return kept;
    throw new Problem('action-too-late', 'The rollout has moved on in the meantime.');
  });
  const input: ReplanInput = {
    actor: { name: caller.name, role: caller.role },
    expectedPhaseVersion: row.phaseVersion,
    reason: body.reason ?? '',
    requestId: next.requestId,
  };
  const { workflowId, orgId, rolloutId } = row;
  const updateName = replanUpdate.name;
  const answer = await deps.jobs.act({ workflowId, updateName, updateId, input });
  if (answer.kind === 'rejected') throw await rejectionProblem(deps, row, answer);
  if (answer.kind === 'accepted') {
    const kept = { updateId, orgId, rolloutId, workflowId, updateName, input: { ...input } };
    await deps.db.transaction(async (tx) => {
      await keepAction(tx, kept);
      await recordAudit(tx, {
        orgId,
        actor: caller,
        action: 'rollout.replan.accepted',
        target: `rollouts/${rolloutId}`,
        details: { reason: input.reason },
      });
    });
    return replyOf(exchange, row);
  }
  const planned = await plannedBy(deps.db, row, next.requestId);
  const answered = { status: 202, location: null, body: { rolloutId: planned.rolloutId } };
  await keep(deps.db, answered);
  if (planned.rolloutId !== rolloutId) await startWorkflow(exchange, planned);
  return replyOf(exchange, planned);
}

/** The rollout that took up what is left; the first one itself, if it was planned again in place. */
async function plannedBy(db: Queryable, row: RolloutRow, requestId: string): Promise<RolloutRow> {
  const { orgId, rolloutId } = row;
  const successor = await findRollout(db, orgId, requestId);
  return successor ?? (await findRollout(db, orgId, rolloutId)) ?? row;
}

/** The answer while an earlier request with this key is delivered again, and after; undefined if there was none. */
async function pendingReply(
  exchange: ReplanExchange,
  row: RolloutRow,
  updateId: string,
): Promise<Reply | undefined> {
  const { db } = exchange.deps;
  const pending = await findPendingAction(db, updateId);
  if (!pending) return undefined;
  if (pending.settledAt !== null && pending.result !== 'applied') {
    const why = pending.result ?? 'no reason was given';
    throw new Problem('action-not-allowed', `The action was refused: ${why}`);
  }
  const { requestId } = pending.input as unknown as ReplanInput;
  return replyOf(exchange, await plannedBy(db, row, requestId));
}

/** The answer that an earlier request with this key would have got: its process ended before it could. */
async function actedReply(exchange: ReplanExchange, asked: Asked): Promise<Reply | undefined> {
  const { db } = exchange.deps;
  const { row, requestId, keep } = asked;
  if (!(await hasActedOn(db, row, requestId))) return undefined;
  const planned = await plannedBy(db, row, requestId);
  await keep(db, { status: 202, location: null, body: { rolloutId: planned.rolloutId } });
  return replyOf(exchange, planned);
}

async function complete(
  { organization, body }: ReplanExchange,
  tx: Queryable,
  row: RolloutRow,
): Promise<CompletedRequest> {
  const { change, template } = await changeToday(tx, row);
  const request = await completeReplan(tx, organization, { stored: row.request, change, body });
  return { request, template };
}

function nextRequest(
  { organization, caller }: ReplanExchange,
  requestId: string,
  completed: CompletedRequest,
): NextRequest {
  const { request, title, templateRevision } = describe(completed);
  const workflowId = rolloutWorkflowId(organization.orgUuid, requestId);
  return { requestId, request, title, templateRevision, createdBy: caller.name, workflowId };
}

/** If Temporal can't be reached, upkeep starts it within a minute. */
async function startWorkflow(exchange: ReplanExchange, row: RolloutRow): Promise<void> {
  const { deps, organization, request } = exchange;
  try {
    await deps.jobs.startRollout({ ...row, orgUuid: organization.orgUuid });
  } catch (error) {
    const { rolloutId } = row;
    const what = 'the workflow of a rollout that takes up users could not be started yet';
    request.log.warn({ err: error, rolloutId }, what);
  }
}

/** A retry may have begun since the rollout was read: its users are being written again. */
async function expectUnmoved(tx: Queryable, { orgId, rolloutId, phaseVersion }: RolloutRow) {
  const now = await findRollout(tx, orgId, rolloutId);
  if (now?.phaseVersion === phaseVersion) return;
  throw new Problem('action-too-late', 'The rollout has moved on in the meantime.');
}

/** A UUID that stands for this text. */
function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-8$3-8$4-$5');
}
