import type { Reaction, ReactionCause } from './reaction';

export type CauseCounts = Partial<Record<ReactionCause['kind'], number>>;

const words: Record<ReactionCause['kind'], [one: string, many: string]> = {
  'new-user': ['new user', 'new users'],
  'linked-user': ['newly linked user', 'newly linked users'],
  joined: ['join', 'joins'],
  left: ['leave', 'leaves'],
  'group-deleted': ['member of a deleted group', 'members of deleted groups'],
  'units-free': ['user who waited for a unit', 'users who waited for a unit'],
};

/** Users by why they are reconciled; somebody who moved counts as a join and as a leave. */
export function countCauses(reactions: readonly Pick<Reaction, 'causes'>[]): CauseCounts {
  const counts: CauseCounts = {};
  for (const { causes } of reactions) {
    for (const kind of new Set(causes.map((cause) => cause.kind))) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

/** One line for people: `3 new users, 2 joins`. */
export function reactionsTitle(counts: CauseCounts): string {
  const kinds = Object.keys(words) as ReactionCause['kind'][];
  const parts = kinds.flatMap((kind) => {
    const users = counts[kind] ?? 0;
    return users === 0 ? [] : [`${users} ${words[kind][users === 1 ? 0 : 1]}`];
  });
  return parts.length === 0 ? 'Found by the watch' : parts.join(', ');
}
