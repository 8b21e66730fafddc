import type { Change } from '../model/change';
import { grantableOf, grantKey, targetKey } from '../model/target-key';

/** Why a change that waited for a unit isn't waited for any more (R107). */
export type WaitEnd =
  /** The user holds it. */
  | 'held'
  /** A rollout that was started later makes this change, or waits for it itself. */
  | 'taken'
  /** A rollout that was started later says otherwise. */
  | 'refused'
  /** Nothing in force grants it any more. */
  | 'not-granted'
  /** A file asked for it 30 days ago. */
  | 'expired'
  /** The user is no longer in the organization. */
  | 'gone'
  /** It waited with an addition that isn't to be made any more, or that the user has got. */
  | 'with-addition';

const ends: Readonly<Record<WaitEnd, string>> = {
  held: 'the user holds it',
  taken: 'a later rollout makes this change',
  refused: 'a later rollout ended it',
  'not-granted': 'no template grants it any more',
  expired: 'a file asked for it more than 30 days ago',
  gone: 'the user is no longer in the organization',
  'with-addition': 'the license that it waited for is no longer to come',
};

/** Why a row doesn't wait any more, for people; null where that isn't recorded. */
export function waitEndLabel(over: Readonly<Record<string, WaitEnd>> | null): string | null {
  const [, why] =
    Object.entries(over ?? {})
      .sort()
      .find(([key]) => key.startsWith('add ')) ?? [];
  return why === undefined ? null : ends[why];
}

/** Facts about a user who waits; additions are named as `grantKey` names them. */
export interface WaitFacts {
  /** What the row waits for: additions, and the removals that wait with them. */
  changes: readonly Change[];
  held: ReadonlySet<string>;
  /** By templates in force. */
  granted: ReadonlySet<string>;
  /** Additions of rollouts that were started later, and have been written or wait. */
  taken: ReadonlySet<string>;
  /** As `targetKey` names them: rollouts that were started later say otherwise. */
  refused: ReadonlySet<string>;
  /** Whether what a file asked for has waited too long. */
  isOld: boolean;
  /** Missing: some reads don't show the user, so that nothing is known about their groups either (R89). */
  user: 'here' | 'missing' | 'gone';
}

export interface EndedChange {
  /** As `changeKey` names it. */
  key: string;
  why: WaitEnd;
}

export interface EndedChanges {
  over: EndedChange[];
  /** Nothing is left to wait for. */
  isOver: boolean;
}

/** `add <license id>`, `remove attendee:<site>`: a row changes each license and site at most once. */
export function changeKey({ operation, target }: Pick<Change, 'operation' | 'target'>): string {
  return `${operation} ${targetKey(target)}`;
}

/**
 * R107: which of the changes that a row waits for are over. The others wait for the licenses: they are
 * over where no license is left to wait for, and a removal also where an addition has lost its reason.
 */
export function endedChanges(facts: WaitFacts): EndedChanges {
  const ends = facts.changes.map((change) => ({ change, why: endOf(change, facts) }));
  const isOver = ends.every(
    ({ change, why }) =>
      why !== null || change.operation === 'remove' || change.target.kind === 'attendee',
  );
  const hasLostReason = ends.some(
    ({ change, why }) =>
      change.operation === 'add' && why !== null && why !== 'held' && why !== 'taken',
  );
  const over = ends.flatMap(({ change, why }): EndedChange[] => {
    const goesWithOthers = isOver || (hasLostReason && change.operation === 'remove');
    const end = why ?? (goesWithOthers ? 'with-addition' : null);
    return end === null ? [] : [{ key: changeKey(change), why: end }];
  });
  return { over, isOver };
}

function endOf(change: Change, facts: WaitFacts): WaitEnd | null {
  if (facts.user === 'gone') return 'gone';
  if (facts.refused.has(targetKey(change.target))) return 'refused';
  if (change.operation === 'remove') return null;
  const key = grantKey(grantableOf(change.target));
  const { code, templates } = change.reason;
  if (facts.held.has(key)) return 'held';
  if (facts.taken.has(key)) return 'taken';
  if (code === 'csv' && facts.isOld) return 'expired';
  if (facts.user === 'missing' || templates.length === 0) return null;
  return facts.granted.has(key) ? null : 'not-granted';
}
