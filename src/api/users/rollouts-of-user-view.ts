import type { listRolloutsOfUser } from '../../db/users/user-history';
import { finalPhases, type Phase } from '../../domain/rollout/rollout-phase';
import { rolloutAddress } from '../http/parameters/addresses';

export type RolloutOfUser = Awaited<ReturnType<typeof listRolloutsOfUser>>[number];

/** What a rollout planned for a user, and the outcome. */
export function rolloutOfUserView(orgId: string, { row, title, phase, createdAt }: RolloutOfUser) {
  const { seq, outcome, changes, kept, blocked, waiting, detail, rolloutId, takenUpBy } = row;
  return {
    title,
    phase,
    createdAt: createdAt.toISOString(),
    seq,
    outcome,
    changes,
    kept,
    blocked,
    waiting,
    detail,
    takenUpBy: takenUpBy === null ? null : rolloutAddress(orgId, takenUpBy),
    rollout: rolloutAddress(orgId, rolloutId),
  };
}

/** Rows that aren't over: to be written, to be verified, waiting for a unit (R36, R46), or owed something (R95). */
export function openRowViews(orgId: string, rollouts: readonly RolloutOfUser[]) {
  return rollouts.flatMap((one) => {
    const state = stateOf(one);
    if (state === null) return [];
    const { row, title, phase } = one;
    const { seq, wave, outcome, pending, changes, waiting, rolloutId } = row;
    const rollout = rolloutAddress(orgId, rolloutId);
    return [{ state, title, phase, seq, wave, outcome, pending, changes, waiting, rollout }];
  });
}

function stateOf({ row, phase, waits }: RolloutOfUser) {
  if (isBeforeStart(phase)) return null;
  if (row.putBack !== null) return 'to-be-put-back' as const;
  const isOver = (finalPhases as readonly Phase[]).includes(phase);
  if (!isOver && row.outcome === 'planned') {
    return row.intentAt === null ? ('to-be-written' as const) : ('being-written' as const);
  }
  if (waits) return 'waiting-for-unit' as const;
  return isToBeVerified(row, isOver) ? ('to-be-verified' as const) : null;
}

/** What was written, or put back, and no read has shown yet. */
function isToBeVerified(
  { restored, writtenAt, convergedAt }: RolloutOfUser['row'],
  isOver: boolean,
) {
  return restored !== null || (!isOver && writtenAt !== null && convergedAt === null);
}

/** A plan that can still be discarded decides nothing yet. */
export function isBeforeStart(phase: Phase): boolean {
  return phase === 'planning' || phase === 'planned';
}
