import { isAttendeeMeanwhile } from '../decide/attendee-meanwhile';
import { targetLabel } from '../licenses/change-label';
import { isAmong } from '../model/was-refused';
import type { Change } from '../model/change';
import { judgeWrite, lacksUnit, type WriteJudgement, type WriteResult } from './judge-write';

export interface PutBackResult {
  row: WriteResult['row'];
  /** What of the row's changes the earlier calls have done, and what Webex refused of them. */
  done: readonly Change[];
  refused: readonly Change[];
  /** What was put back. */
  restored: readonly Change[];
  unitsLeft: WriteResult['unitsLeft'];
}

/**
 * A user's outcome once everything is put back (R95). `failed` where nothing is left of the rollout's
 * changes, so that another try begins from the start.
 */
export function judgePutBack(result: PutBackResult): WriteJudgement & { detail: string } {
  const { row, done, refused, restored, unitsLeft } = result;
  const { outcome, detail } = judgeWrite({ row, done: [], refused, unitsLeft });
  const sentences = [detail, sentenceAbout(restored)].filter((sentence) => sentence !== '');
  return {
    outcome: isWait(outcome) ? outcome : staysDone(done, restored) ? 'partial' : 'failed',
    detail: sentences.join(' '),
  };
}

function isWait(outcome: WriteJudgement['outcome']): boolean {
  return outcome === 'waiting-for-seat' || outcome === 'host-pending';
}

function staysDone(done: readonly Change[], restored: readonly Change[]): boolean {
  const undone = restored.map((change) => opposite(change));
  return done.some((change) => !isAmong(undone, change));
}

/** The change that putting this one back undoes. */
export function opposite({ operation, target }: Change): Pick<Change, 'operation' | 'target'> {
  return { operation: operation === 'add' ? 'remove' : 'add', target };
}

function sentenceAbout(restored: readonly Change[]): string {
  const back = restored.filter((change) => !isAttendeeMeanwhile(change));
  if (back.length === 0) return '';
  return back.every(({ reason }) => reason.rule === 'R40')
    ? 'The other half of the replacement was put back.'
    : 'What the call had removed was put back.';
}

export interface Unrestored {
  /** Additions that wait for the next unit: others have taken what was removed (R95, R46). */
  waiting: Change[];
  /** What can still be put back without them. */
  rest: Change[];
}

/** What becomes of a putting-back that Webex refused; null where a missing unit isn't the reason. */
export function withoutLostUnits(
  putBack: readonly Change[],
  refused: readonly Change[],
  unitsLeft: WriteResult['unitsLeft'],
): Unrestored | null {
  const lost = putBack.filter((change) => lacksUnit(change, unitsLeft));
  const isExplained = lost.length > 0 && refused.every((change) => isAmong(putBack, change));
  if (!isExplained) return null;
  return {
    // No template need grant it: it is owed, whatever is granted now.
    waiting: lost.map((change) => ({ ...change, reason: { ...change.reason, templates: [] } })),
    rest: putBack.filter((change) => !isAmong(lost, change)),
  };
}

/** For people: what a user has lost to others. */
export function lostUnitsSentence(waiting: readonly Change[]): string {
  const names = waiting.map(({ target }) => targetLabel(target)).join(' and ');
  return `${names} could not be put back, because no unit is left. The user gets the next one.`;
}
