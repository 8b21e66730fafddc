/** Another group takes a vanished one's place with so many of its members, whatever its name (R90). */
const leastSharedPercent = 80;

/** A group that holds a template and has vanished. */
export interface VanishedGroup {
  displayName: string;
  /** Members when it was last seen. */
  members: number;
}

/** A group that appeared about when the other one vanished. */
export interface AppearedGroup {
  groupId: string;
  displayName: string;
  /** Members of the vanished group who are in it. */
  shared: number;
}

/**
 * The group that replaces a vanished one (R90): one with the same name, else one with at least 80 % of its
 * members; among several the one with most of them. Null: the group was deleted.
 */
export function findSuccessor(
  vanished: VanishedGroup,
  appeared: readonly AppearedGroup[],
): AppearedGroup | null {
  const { members } = vanished;
  const byShared = [...appeared].sort(
    (a, b) => b.shared - a.shared || (a.groupId < b.groupId ? -1 : 1),
  );
  const namesake = byShared.find(
    ({ displayName }) => nameKey(displayName) === nameKey(vanished.displayName),
  );
  const [first] = byShared;
  if (namesake) return namesake;
  const isMostly = first && members > 0 && first.shared * 100 >= members * leastSharedPercent;
  return isMostly ? first : null;
}

function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
