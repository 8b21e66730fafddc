/** Fewer than this leave a group by themselves, however small it is. */
const leastDrop = 5;

/** A group's member list that can't be believed: it would look as if all others had left. */
export interface DoubtfulGroup {
  groupId: string;
  /** One line with the figures. */
  reason: string;
}

export interface MemberDrop {
  displayName: string;
  /** Members at the last whole look. */
  before: number;
  now: number;
  /** The setting `maxMemberDropPercent`; 100 believes every drop. */
  maxMemberDropPercent: number;
}

/**
 * Why a member list that shrank is not believed; null where it is. A half-read list looks just like
 * one that most members have left, and would take their licenses.
 */
export function doubtOf(drop: MemberDrop): string | null {
  const { displayName, before, now, maxMemberDropPercent } = drop;
  const lost = before - now;
  if (lost < leastDrop || lost * 100 <= before * maxMemberDropPercent) return null;
  const percent = Math.floor((lost * 100) / before);
  return `Group "${displayName}": ${now} of ${before} members are left since the last look, ${percent} % fewer (more than ${maxMemberDropPercent} % is believed only when an observe accepts it)`;
}

/** A member list of which a part didn't come. */
export function doubtOfPart(displayName: string, came: { got: number; promised: number }): string {
  return `Group "${displayName}": ${came.got} of ${came.promised} members came`;
}

/** All of them in one line, the first few by name. */
export function doubtsInOneLine(doubtful: readonly DoubtfulGroup[], named = 5): string {
  const reasons = doubtful.slice(0, named).map(({ reason }) => reason);
  const others = doubtful.length - reasons.length;
  if (others > 0) reasons.push(`${others} more ${others === 1 ? 'group' : 'groups'}`);
  return reasons.join('; ');
}
