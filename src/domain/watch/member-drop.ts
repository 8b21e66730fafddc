import { counted } from '../model/text/wording';

/** A group whose member list lacks a part: otherwise all missing members would count as having left. */
export interface DoubtfulGroup {
  groupId: string;
  /** One line with the figures. */
  reason: string;
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
