import { counted } from '../model/text/wording';
import type { Reaction, ReactionCause } from './reaction';

export type CauseCounts = Partial<Record<ReactionCause['kind'], number>>;

const words: Record<ReactionCause['kind'], [one: string, many?: string]> = {
  'new-user': ['new user'],
  'linked-user': ['newly linked user'],
  'arrived-user': ['older user seen for the first time', 'older users seen for the first time'],
  'returned-user': ['user who is here again', 'users who are here again'],
  joined: ['new group member'],
  left: ['former group member'],
  'group-deleted': ['member of a deleted group', 'members of deleted groups'],
  'units-free': ['user who was waiting for a license', 'users who were waiting for a license'],
};

/** Users per reason for reconciling; a user who moved between groups counts as join and as leave. */
export function countCauses(reactions: readonly Pick<Reaction, 'causes'>[]): CauseCounts {
  const counts: CauseCounts = {};
  for (const { causes } of reactions) {
    for (const kind of new Set(causes.map((cause) => cause.kind))) {
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return counts;
}

/** Title of a rollout that the watch starts: `3 new users, 2 new group members`. */
export function reactionsTitle(counts: CauseCounts): string {
  const kinds = Object.keys(words) as ReactionCause['kind'][];
  const parts = kinds.flatMap((kind) => {
    const users = counts[kind] ?? 0;
    return users === 0 ? [] : [counted(users, ...words[kind])];
  });
  return parts.length === 0 ? 'Changes found by the watch' : parts.join(', ');
}
