import { failureCountOf } from '../../db/write/failure-guard';
import { findPredecessor } from '../../db/rollout/predecessor';
import type { RolloutRow } from '../../db/rollout/rollouts';
import { failureGuard } from '../../domain/rollout/guards';
import type { Action } from '../../domain/rollout/rollout-phase';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import { includesRole, type Caller } from '../../roles';
import type { ApiDeps } from '../http/deps';
import { Problem } from '../http/problem';
import { waiversAtStart, waiversOf } from '../../domain/rollout/waivers';

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

/** Some actions need more than their endpoint's role, depending on the rollout. */
export async function expectMayAct(
  { db }: Pick<ApiDeps, 'db'>,
  caller: Caller,
  { row, action }: { row: RolloutRow; action: Action },
): Promise<void> {
  if (action === 'start') {
    const { orgId, request, summary, replanOf } = row;
    const predecessor =
      replanOf === null ? null : await findPredecessor(db, { orgId, rolloutId: replanOf });
    refuseWaivers(caller, waiversAtStart({ request, summary, predecessor }));
  }
  if (action !== 'resume' || includesRole(caller.role, 'approver')) return;
  const count = await failureCountOf(db, row.rolloutId);
  if (!count || !failureGuard(count).tripped) return;
  throw new Problem(
    'forbidden',
    'Too many users failed. To resume all the same requires the role approver.',
  );
}
