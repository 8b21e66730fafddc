import type { Change } from '../model/change';
import type { CallingOffers } from '../model/settings';
import { isAmong } from '../model/was-refused';
import { areHalves, isPermanentRemoval } from './replacement';

export interface NextCall {
  /** What the call asks for. */
  changes: Change[];
  /** Removals of Calling that follow in a call of their own once everything else is done. */
  later: Change[];
}

/**
 * Which of a user's changes the next call makes. All go in one call (R61), with one exception (R95):
 * a removal of Calling can't be put back (R68), so it comes last, after everything else is done. Not
 * so where an added license takes its place: Webex refuses to add the one before the other is removed.
 */
export function nextCall(
  changes: readonly Change[],
  done: readonly Change[],
  callingOffers: CallingOffers,
): NextCall {
  const isLast = (change: Change) =>
    isPermanentRemoval(change, callingOffers) &&
    !changes.some((other) => areHalves(change, other, callingOffers));
  const left = changes.filter((change) => !isAmong(done, change));
  const first = left.filter((change) => !isLast(change));
  return first.length > 0
    ? { changes: first, later: left.filter(isLast) }
    : { changes: left, later: [] };
}
