import type { Queryable } from '../../../db/connect';
import { readLastDay } from '../../../db/watch/last-day';
import { failureCountOf } from '../../../db/write/failure-guard';
import { findPredecessor } from '../../../db/rollout/predecessor';
import type { RolloutRow } from '../../../db/rollout/rollouts';
import { failureGuard } from '../../../domain/rollout/guards';
import { isDoubtOfNotFound } from '../../../domain/rollout/not-found';
import { failureHold } from '../../../domain/watch/arrange-reactions';
import type { Action } from '../../../domain/rollout/rollout-phase';
import type { RolloutRequest } from '../../../domain/request/rollout-request';
import { includesRole, type Caller } from '../../../roles';
import type { ApiDeps } from '../../http/deps';
import { Problem } from '../../http/problem';
import { waiversAtStart, waiversOf } from '../../../domain/rollout/waivers';

/** Pilot, gates, guards and acknowledgements are an approver's to give up, at planning and at the start. */
export function expectMayWaive(caller: Caller, request: RolloutRequest): void {
  refuseWaivers(caller, waiversOf(request));
}

function refuseWaivers(caller: Caller, waivers: readonly string[]): void {
  if (waivers.length === 0 || includesRole(caller.role, 'approver')) return;
  throw new Problem(
    'forbidden',
    `Such a rollout requires the role approver, because ${waivers.join(', and ')}.`,
  );
}

/**
 * Some actions need more than their endpoint's role, depending on the rollout: a guard that has tripped is
 * an approver's to get past, by whatever verb.
 *
 * | action         | requires an approver                                                          |
 * |----------------|-------------------------------------------------------------------------------|
 * | `start`        | what `waiversAtStart` names; of a plan of the watch also while its guard trips |
 * | `resume`       | after more failures than the guard allows, or more users not found than can   |
 * |                | be believed: it accepts these figures (R88)                                   |
 * | `retry-failed` | the same; of a rollout of the watch also while its guard trips                |
 * | `promote`      | always, by its endpoint                                                       |
 *
 * `replan` is judged as a new request is, and what it has planned at the start. `pause`, `abort`,
 * `discard`, `set-pace` and `lift-wait` get past no guard.
 */
export async function expectMayAct(
  { db }: Pick<ApiDeps, 'db'>,
  caller: Caller,
  { row, action }: { row: RolloutRow; action: Action },
): Promise<void> {
  if (includesRole(caller.role, 'approver')) return;
  if (action === 'start') refuseWaivers(caller, await waiversOfPlan(db, row));
  if (action !== 'resume' && action !== 'retry-failed') return;
  if (action === 'resume' && isInDoubt(row)) {
    const why =
      'Too many users of a wave were not found. To accept that requires the role approver.';
    throw new Problem('forbidden', why);
  }
  const isOfWatch = action === 'retry-failed' && row.automatic;
  if (!(await isTripped(db, row)) && !(isOfWatch && (await watchHold(db, row)))) return;
  const what = action === 'resume' ? 'resume' : 'try again';
  throw new Problem(
    'forbidden',
    `Too many users failed. To ${what} all the same requires the role approver.`,
  );
}

function isInDoubt({ phase, phaseReason }: RolloutRow): boolean {
  return phase === 'halted' && phaseReason !== null && isDoubtOfNotFound(phaseReason);
}

async function waiversOfPlan(db: Queryable, row: RolloutRow): Promise<string[]> {
  const { orgId, request, summary, replanOf } = row;
  const predecessor =
    replanOf === null ? null : await findPredecessor(db, { orgId, rolloutId: replanOf });
  const hold = request.change.kind === 'reconcile' ? await watchHold(db, row) : null;
  return waiversAtStart({ request, summary, predecessor, watchHold: hold });
}

async function isTripped(db: Queryable, { rolloutId }: RolloutRow): Promise<boolean> {
  const count = await failureCountOf(db, rolloutId);
  return count !== undefined && failureGuard(count).tripped;
}

/** Why nothing is written automatically now (R106); null: it is. */
async function watchHold(db: Queryable, { orgId }: RolloutRow): Promise<string | null> {
  return failureHold(await readLastDay(db, orgId));
}
