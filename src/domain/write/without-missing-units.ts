import { attendeeMeanwhile } from '../decide/attendee-meanwhile';
import { prerequisitesOf } from '../licenses/offers';
import { lacksUnit, type WriteResult } from './judge-write';
import { areHalves } from './replacement';
import type { Change } from '../model/change';
import type { CallingOffers } from '../model/settings';
import type { Pending } from '../model/outcome';

export interface WithoutMissingUnits {
  /** What can be written without the missing units. */
  changes: Change[];
  /** The starved additions and this user's removals: they wait together (R46). A removal that makes
   * room for an addition with a unit goes with that addition: a replacement is never torn apart. */
  waiting: Change[];
  pending: Exclude<Pending, null>;
}

/**
 * What is left of a write that Webex refused as a whole because units are missing (R46): other
 * additions go ahead, and users with an attendee grant are attendee for now (R36). Null where no unit
 * is missing, so that something else was the reason.
 */
export function withoutMissingUnits(
  changes: readonly Change[],
  unitsLeft: WriteResult['unitsLeft'],
  callingOffers: CallingOffers,
): WithoutMissingUnits | null {
  const starved = changes.filter((change) => lacksUnit(change, unitsLeft));
  if (starved.length === 0) return null;
  const isStarvedOf = ({ target }: Change) =>
    target.kind === 'license' &&
    prerequisitesOf(target.offer, callingOffers).some((offer) =>
      starved.some((other) => other.target.kind === 'license' && other.target.offer === offer),
    );
  const goes = changes.filter(
    (change) => change.operation === 'add' && !starved.includes(change) && !isStarvedOf(change),
  );
  const waits = (change: Change) =>
    change.operation === 'remove'
      ? !goes.some((addition) => areHalves(change, addition, callingOffers))
      : !goes.includes(change);
  const isAttendee = (site: string) =>
    changes.some(({ target }) => target.kind === 'attendee' && target.site === site);
  const meanwhile = starved.flatMap(({ attendeeFallback, target, reason }) =>
    attendeeFallback === true && target.site !== null && !isAttendee(target.site)
      ? [attendeeMeanwhile(target.site, reason)]
      : [],
  );
  return {
    changes: [...changes.filter((change) => !waits(change)), ...meanwhile],
    waiting: changes.filter(waits),
    pending: starved.every(({ attendeeFallback }) => attendeeFallback === true) ? 'host' : 'unit',
  };
}
