import { attendeeKey, targetKey } from '../model/target-key';
import type { Note } from '../model/note';
import type { Decision, Loss, Want } from './decision';

/** One thing that a rule finds about a user. */
export type Finding =
  /** What the want replaces is removed only together with the want. */
  | { want: Want; replaces: Omit<Loss, 'replacedByWant'>[] }
  | { lose: Loss }
  /** `handles`: keys of what is handled, where that isn't the target of the note. */
  | { keep: Note; handles?: string[] }
  /** `removalsWait`: as long as this is blocked, the user loses nothing (R46). */
  | { block: Note; removalsWait: boolean };

/** Keys of the licenses and attendee accounts that a finding names; the policy isn't asked about them. */
export function handledBy(finding: Finding): string[] {
  if ('want' in finding) {
    const { want, replaces } = finding;
    const wanted = want.kind === 'attendee' ? [attendeeKey(want.site)] : [];
    return [...wanted, ...replaces.map(({ target }) => targetKey(target))];
  }
  if ('lose' in finding) return [targetKey(finding.lose.target)];
  if ('keep' in finding && finding.handles) return finding.handles;
  const { target } = 'keep' in finding ? finding.keep : finding.block;
  return target.kind === 'offer' ? [] : [targetKey(target)];
}

/** All findings about one user as one decision. */
export function toDecision(findings: readonly Finding[]): Decision {
  const decision: Decision = { wants: [], losses: [], kept: [], blocked: [], removalsWait: false };
  for (const finding of findings) {
    if ('want' in finding) {
      const replacedByWant = decision.wants.push(finding.want) - 1;
      decision.losses.push(...finding.replaces.map((loss) => ({ ...loss, replacedByWant })));
    } else if ('lose' in finding) decision.losses.push(finding.lose);
    else if ('keep' in finding) decision.kept.push(finding.keep);
    else {
      decision.blocked.push(finding.block);
      decision.removalsWait ||= finding.removalsWait;
    }
  }
  return decision;
}
