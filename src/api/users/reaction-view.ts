import type { listReactions } from '../../db/users/user-history';
import type { ReactionCause } from '../../domain/watch/reaction';
import { rolloutAddress } from '../http/parameters/addresses';

type ReactionRow = Awaited<ReturnType<typeof listReactions>>[number];

/** Something that the watch found about a user, and what followed. */
export function reactionView(
  orgId: string,
  { row, title, phase }: ReactionRow,
  names: ReadonlyMap<string, string>,
) {
  return {
    foundAt: row.foundAt.toISOString(),
    mode: row.mode,
    causes: row.causes.map((cause) => causeView(cause, names)),
    rollout: row.rolloutId === null ? null : rolloutAddress(orgId, row.rolloutId),
    title,
    phase,
    closedAt: row.closedAt?.toISOString() ?? null,
    attempts: row.attempts,
    failure: row.failure,
    notBefore: row.notBefore?.toISOString() ?? null,
    gaveUpAt: row.gaveUpAt?.toISOString() ?? null,
  };
}

/** A cause in words, with the rule behind it. */
export function causeView(cause: ReactionCause, names: ReadonlyMap<string, string>) {
  const { kind } = cause;
  switch (cause.kind) {
    case 'new-user':
      return { kind, text: 'a new user', rule: 'R15' };
    case 'linked-user':
      return { kind, text: 'newly linked from Site Administration', rule: 'R21' };
    case 'arrived-user':
      return { kind, text: 'seen for the first time, and created earlier', rule: 'R15' };
    case 'returned-user':
      return { kind, text: 'here again after having counted as gone', rule: 'R15' };
    case 'joined':
      return { kind, text: `joined ${nameOf(cause.groupId, names)}`, rule: 'R27' };
    case 'left':
      return { kind, text: `left ${nameOf(cause.groupId, names)}`, rule: 'R26' };
    case 'group-deleted':
      return { kind, text: `${nameOf(cause.groupId, names)} was deleted`, rule: 'R33' };
    case 'units-free':
      return { kind, text: 'a unit that the user waited for is free', rule: 'R46' };
  }
}

/** Groups whose names a list of causes needs. */
export function groupsIn(causes: readonly ReactionCause[]): string[] {
  return causes.flatMap((cause) => ('groupId' in cause ? [cause.groupId] : []));
}

function nameOf(groupId: string, names: ReadonlyMap<string, string>): string {
  return names.get(groupId) ?? groupId;
}
