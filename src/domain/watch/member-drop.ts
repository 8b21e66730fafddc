import { counted } from '../model/wording';

/** A drop by fewer members than this is always believed, however small the group is. */
const leastDrop = 5;

/** A group whose member list isn't believed: otherwise all missing members would count as having left. */
export interface DoubtfulGroup {
  groupId: string;
  /** One line with the figures. */
  reason: string;
}

export interface MemberDrop {
  displayName: string;
  /** Members at the last complete check. */
  before: number;
  now: number;
  /** The setting `maxMemberDropPercent`; 100 believes every drop. */
  maxMemberDropPercent: number;
}

/**
 * Why a member list that shrank isn't believed; null if it is. An incomplete list can't be told from a
 * group that most members have left, and would remove their licenses.
 */
export function doubtOf(drop: MemberDrop): string | null {
  const { displayName, before, now, maxMemberDropPercent } = drop;
  const lost = before - now;
  if (lost < leastDrop || lost * 100 <= before * maxMemberDropPercent) return null;
  const percent = Math.floor((lost * 100) / before);
  return `Group "${displayName}": ${now} of ${before} members are left since the last check, a drop of ${percent} % (a drop of more than ${maxMemberDropPercent} % has to be accepted when observing the directory)`;
}

/** A member list of which a part is missing. */
export function doubtOfPart(
  displayName: string,
  { shown, promised }: { shown: number; promised: number | null },
): string {
  const read =
    promised === null
      ? `the list of members can't be proved complete (${counted(shown, 'member')} could be read)`
      : `only ${shown} of ${counted(promised, 'member')} could be read`;
  return `Group "${displayName}": ${read}`;
}

/** The reasons in one line. Beyond the first `named` groups it gives only their number. */
export function doubtsInOneLine(doubtful: readonly DoubtfulGroup[], named = 5): string {
  const reasons = doubtful.slice(0, named).map(({ reason }) => reason);
  const others = doubtful.length - reasons.length;
  if (others > 0) reasons.push(counted(others, 'more group'));
  return reasons.join('; ');
}
