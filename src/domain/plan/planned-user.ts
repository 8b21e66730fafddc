import type { Note } from '../model/note';
import type { Change } from '../model/change';
import type { Holdings } from '../model/user';
import type { Outcome, Pending } from '../model/outcome';

/** The decision about one user, complete: what will be written, and why everything else will not. */
export interface PlannedUser {
  /** 1-based order of service, dense over the rollout. */
  seq: number;
  personId: string;
  email: string;
  displayName: string;
  /** 0 is the pilot; null where nothing will be written. */
  wave: number | null;
  /** Within a wave, step n+1 is written after step n, because it may need units that n frees (R46). */
  step: number | null;
  before: Holdings;
  /** Exactly what one write call will carry; empty where nothing will be written. */
  changes: Change[];
  /** `=`: what is kept, and why. */
  kept: Note[];
  /** `!`: what can't be done, and why. */
  blocked: Note[];
  /** Additions without a unit, and the removals that wait with them (R46). */
  waiting: Change[];
  /** What the user holds once the changes have arrived. */
  expected: Holdings;
  pending: Pending;
  /** `planned`, or why there is no write. */
  outcome: Extract<
    Outcome,
    'planned' | 'unchanged' | 'waiting-for-seat' | 'host-pending' | 'blocked' | 'excluded'
  >;
}

/** What a row is called at planning, before anything has been written. */
export function outcomeOf(
  isWritten: boolean,
  pending: PlannedUser['pending'],
  { isBlocked, isExcluded }: { isBlocked: boolean; isExcluded: boolean },
): PlannedUser['outcome'] {
  if (isWritten) return 'planned';
  if (pending === 'unit') return 'waiting-for-seat';
  if (pending === 'host') return 'host-pending';
  if (isBlocked) return 'blocked';
  return isExcluded ? 'excluded' : 'unchanged';
}
