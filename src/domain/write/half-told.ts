/** A call that was answered with an error may have done a part of its work all the same (R95). */
import type { Change } from '../model/change';
import type { Compared } from './compare-holdings';

/** The call may have taken something from the user: its answer alone doesn't say that it didn't. */
export function mayHaveTaken(changes: readonly Change[]): boolean {
  return changes.some(({ operation }) => operation === 'remove');
}

/**
 * Whether what a read shows is the work of a call. Where its answer, and those before it, said that nothing
 * was done, only a removal says so: somebody else may have given a license by hand meanwhile.
 */
export function isOurWork({ done }: Compared, { mayBeDone }: { mayBeDone: boolean }): boolean {
  return mayBeDone ? done.length > 0 : mayHaveTaken(done);
}

/**
 * Whether later reads must say what the one after the answer didn't. Reads show licenses; an attendee
 * account may stay unseen, and the call would be repeated although its answer was an error.
 */
export function staysInDoubt(
  changes: readonly Change[],
  read: { kind: 'shown' | 'not-found' | 'unanswered' } | null,
): boolean {
  const isSeenByReads = changes.every(({ target }) => target.kind === 'license');
  return read?.kind === 'unanswered' && mayHaveTaken(changes) && isSeenByReads;
}
