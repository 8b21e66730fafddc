import { attendeeMeanwhile } from '../decide/attendee-meanwhile';
import { changePhrase } from '../licenses/change-label';
import { targetKey } from '../model/target-key';
import type { Change } from '../model/change';
import type { CallingOffers } from '../model/settings';
import { lacksUnit, type WriteResult } from './judge-write';
import { areHalves, excludeEachOther, isPermanentRemoval } from './replacement';

export interface PutBackInput {
  /** What the answer shows as done of this call, and what it doesn't. */
  done: readonly Change[];
  refused: readonly Change[];
  /** What a read says nothing about: a removal among them may be done. */
  silent?: readonly Change[];
  unitsLeft: WriteResult['unitsLeft'];
  callingOffers: CallingOffers;
}

/**
 * What must be written after a call of which a part was refused; empty if nothing must.
 *
 * | refused                      | done                                         | then                                 |
 * |------------------------------|----------------------------------------------|--------------------------------------|
 * | any addition                 | a removal                                    | it is put back (R95)                 |
 * | any addition                 | a removal, and the addition in its place     | it stays removed (R19b)              |
 * | the removal of a replacement | its addition; nobody can hold both           | the addition is removed (R40)        |
 * | host without a unit          | nothing; attendee is granted too             | the user is attendee for now (R36)   |
 *
 * What a read is silent about is no reason to put anything back: a repeated write will show it.
 * Where an addition is refused, a removal of which nobody knows is put back like one that was done.
 *
 * Nothing brings Calling back (R68): what was removed of it stays removed, and nothing more is.
 */
export function changesToPutBack(input: PutBackInput): Change[] {
  const { callingOffers } = input;
  const undone = [...lostRemovals(input), ...halvesTooMany(input)].filter(
    (change) => !isPermanentRemoval(change, callingOffers),
  );
  const all = [...undone, ...attendeesMeanwhile(input)];
  return [...new Map(all.map((change) => [targetKey(change.target), change])).values()];
}

/** Removals that must be put back and can't be: a removal of Calling whose replacement was refused. */
export function lostForGood({ done, refused, callingOffers }: PutBackInput): Change[] {
  return refused.some(isAddition)
    ? done.filter((change) => isPermanentRemoval(change, callingOffers))
    : [];
}

function lostRemovals({ done, refused, silent = [], callingOffers }: PutBackInput): Change[] {
  const missing = refused.filter(isAddition);
  const [first] = missing;
  if (!first) return [];
  return [...done, ...silent].flatMap((removal) => {
    const isReplaced = done.some((other) => areHalves(removal, other, callingOffers));
    if (isAddition(removal) || isReplaced || isPermanentRemoval(removal, callingOffers)) return [];
    const half = missing.find((other) => areHalves(removal, other, callingOffers));
    return [putBack(removal, half ?? first, half ? 'R40' : 'R95')];
  });
}

/** Additions beside which the user still holds what they were to replace. */
function halvesTooMany({ done, refused, callingOffers }: PutBackInput): Change[] {
  return refused
    .filter((change) => !isAddition(change))
    .flatMap((kept) =>
      done
        .filter(
          (other) =>
            isAddition(other) && excludeEachOther(kept.target, other.target, callingOffers),
        )
        .map((other) => putBack(other, kept, 'R40')),
    );
}

function attendeesMeanwhile({ done, refused, unitsLeft }: PutBackInput): Change[] {
  return refused.flatMap((half) => {
    const { site } = half.target;
    if (!half.attendeeFallback || site === null || !lacksUnit(half, unitsLeft)) return [];
    const isHost = done.some((other) => isAddition(other) && other.target.site === site);
    const wasAttendee = [...done, ...refused].some(
      ({ operation, target }) =>
        operation === 'remove' && target.kind === 'attendee' && target.site === site,
    );
    return isHost || wasAttendee ? [] : [attendeeMeanwhile(site, half.reason)];
  });
}

function isAddition({ operation }: Change): boolean {
  return operation === 'add';
}

function putBack(done: Change, refused: Change, rule: 'R40' | 'R95'): Change {
  return {
    operation: done.operation === 'add' ? 'remove' : 'add',
    target: done.target,
    reason: {
      code: 'put-back',
      text: `put back, because Webex did not ${changePhrase(refused)}`,
      rule,
      templates: done.reason.templates,
    },
    replacement: true,
  };
}
