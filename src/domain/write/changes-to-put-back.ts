import { targetKey } from '../model/target-key';
import { attendeeMeanwhile, isAttendeeMeanwhile } from '../decide/attendee-meanwhile';
import { changePhrase } from '../licenses/change-label';
import { judgeWrite, lacksUnit, type WriteJudgement, type WriteResult } from './judge-write';
import type { Change } from '../model/change';
import { isContactCenter } from '../licenses/offers';

export interface PutBackInput {
  changes: readonly Change[];
  done: readonly Change[];
  refused: readonly Change[];
  unitsLeft: WriteResult['unitsLeft'];
}

/**
 * What must be written after a write of which a part was refused; empty if nothing must.
 *
 * | refused                                 | then                                              |
 * |-----------------------------------------|---------------------------------------------------|
 * | one half of a host/attendee replacement | the other half is put back: nobody ends with neither or both (R40) |
 * | one half of a Contact Center replacement| likewise (R19b)                                   |
 * | host without a unit, attendee granted   | the user is attendee for now (R36)                |
 */
export function changesToPutBack({ changes, done, refused, unitsLeft }: PutBackInput): Change[] {
  const restored = refused.flatMap((half) => {
    const isOtherHalf = (other: Change) =>
      other.operation !== half.operation && areHalves(half, other);
    // Another host license on the site was added: with attendee, the user would be both.
    if (half.operation === 'add' && done.some((other) => isHostBeside(other, half))) return [];
    if (changes.some(isOtherHalf)) {
      return done.filter(isOtherHalf).map((other) => putBack(other, half));
    }
    const site = half.target.site;
    return half.attendeeFallback && site !== null && lacksUnit(half, unitsLeft)
      ? [attendeeMeanwhile(site, half.reason)]
      : [];
  });
  return [...new Map(restored.map((change) => [targetKey(change.target), change])).values()];
}

/** A user's outcome once that has been written. */
export function judgePutBack(result: {
  row: WriteResult['row'];
  refused: readonly Change[];
  restored: readonly Change[];
  unitsLeft: WriteResult['unitsLeft'];
}): WriteJudgement & { detail: string } {
  const { row, refused, restored, unitsLeft } = result;
  const { outcome, detail } = judgeWrite({ row, done: [], refused, unitsLeft });
  const isPutBack = restored.some((change) => !isAttendeeMeanwhile(change));
  const sentences = [detail, isPutBack && 'The other half of the replacement was put back.'];
  return {
    outcome: outcome === 'waiting-for-seat' || outcome === 'host-pending' ? outcome : 'partial',
    detail: sentences.filter(Boolean).join(' '),
  };
}

function isHostBeside(done: Change, refused: Change): boolean {
  const { operation, target } = done;
  return (
    operation === 'add' &&
    target.kind === 'license' &&
    target.site !== null &&
    target.site === refused.target.site
  );
}

/** Host and attendee of one site, or two kinds of Contact Center license. */
function areHalves({ target: one }: Change, { target: other }: Change): boolean {
  if (one.kind !== other.kind) return one.site === other.site;
  if (one.kind === 'attendee' || other.kind === 'attendee' || one.offer === other.offer) {
    return false;
  }
  return isContactCenter(one.offer) && isContactCenter(other.offer);
}

function putBack(done: Change, refused: Change): Change {
  return {
    operation: done.operation === 'add' ? 'remove' : 'add',
    target: done.target,
    reason: {
      code: 'put-back',
      text: `put back, because Webex did not ${changePhrase(refused)}`,
      rule: 'R40',
      templates: done.reason.templates,
    },
    replacement: true,
  };
}
