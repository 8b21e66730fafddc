import type { Reaction, ReactionCause } from './reaction';

/** How one user's memberships of groups with a template changed between two checks. */
export interface Transition {
  joined: readonly string[];
  left: readonly string[];
  /** Groups that were deleted with the user in them. */
  deleted: readonly string[];
}

export interface TransitionContext {
  /** The setting `preserveOnGroupTransition` (R26). */
  preserve: boolean;
  /** New, and no rollout has reconciled this user yet (R22). */
  isUnreconciledNew: boolean;
}

/** A finding; one that isn't due starts no rollout and is kept for the record. */
export interface GroupFinding {
  reaction: Reaction;
  isDue: boolean;
}

/**
 * What a change of groups leads to (R26):
 *
 * | setting | join, move | leave, deletion |
 * |---|---|---|
 * | on | additions (R27, R28) | nothing (R28) |
 * | off | exactly what is desired (R29) | exactly what is desired (R29) |
 *
 * A new user who joins a first group a little later is still reconciled as new (R15, R22).
 */
export function reactToTransition(
  transition: Transition,
  context: TransitionContext,
): GroupFinding {
  const { joined, left, deleted } = transition;
  const causes: ReactionCause[] = [
    ...joined.map((groupId) => ({ kind: 'joined' as const, groupId })),
    ...left.map((groupId) => ({ kind: 'left' as const, groupId })),
    ...deleted.map((groupId) => ({ kind: 'group-deleted' as const, groupId })),
  ];
  const isJoin = joined.length > 0;
  const mode = context.preserve ? 'add' : 'exact';
  return {
    reaction: { mode: isJoin && context.isUnreconciledNew ? 'new' : mode, causes },
    isDue: isJoin || !context.preserve,
  };
}
