/** Why the watch reconciles a user (R14, R15, R21, R26–R33, R46). */
export type ReactionCause =
  | { kind: 'new-user' }
  | { kind: 'linked-user' }
  /** Created before the watch's first check, and first seen after it. */
  | { kind: 'arrived-user' }
  /** Seen again after having counted as gone. */
  | { kind: 'returned-user' }
  | { kind: 'joined'; groupId: string }
  | { kind: 'left'; groupId: string }
  | { kind: 'group-deleted'; groupId: string }
  /** A unit is free for a user who waits since a rollout (R36, R46). */
  | { kind: 'units-free'; rolloutId: string };

/**
 * What reconciling may do. `add`: only additions and replacements (R27, R28). `exact`: the desired
 * set and nothing else (R29). `new`: additions, and removals of free licenses that Webex added
 * automatically and no template grants (R22). `waiting`: only changes that wait since a rollout (R46).
 */
export type ReactionMode = 'add' | 'exact' | 'new' | 'waiting';

/** What the watch asks planning to do for one user. */
export interface Reaction {
  mode: ReactionMode;
  causes: ReactionCause[];
}

const strength: Record<ReactionMode, number> = { waiting: 0, add: 1, exact: 2, new: 3 };

/** Whether one of the causes is the first sight of a user, or a user's return (R15). */
export function isArrival({ causes }: Pick<Reaction, 'causes'>): boolean {
  return causes.some(({ kind }) => kind === 'new-user') || isOlderArrival({ causes });
}

/** Whether the user only gains: created before the watch's first check, or here again (R15). */
export function isOlderArrival({ causes }: Pick<Reaction, 'causes'>): boolean {
  return causes.some(({ kind }) => olderArrivals.has(kind));
}

const olderArrivals = new Set<ReactionCause['kind']>([
  'linked-user',
  'arrived-user',
  'returned-user',
]);

/**
 * Merges two findings about one user: the causes of both, and the mode that does more. While an arrival
 * that only gains waits, no change of groups removes anything from the user (R15).
 */
export function mergeReactions(one: Reaction, other: Reaction): Reaction {
  const stronger = strength[one.mode] >= strength[other.mode] ? one.mode : other.mode;
  const seen = new Set<string>();
  const causes = [...one.causes, ...other.causes].filter((cause) => {
    const key = JSON.stringify(cause);
    return !seen.has(key) && seen.add(key);
  });
  return { mode: stronger === 'exact' && isOlderArrival({ causes }) ? 'add' : stronger, causes };
}
