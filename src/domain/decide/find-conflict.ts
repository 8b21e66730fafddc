import { isStaying, type UserCase } from './user-case';
import type { HeldLicense } from '../licenses/license-index';
import {
  areExclusive,
  callingProfessional,
  contactCenterPremium,
  contactCenterStandard,
  isForbiddenDowngrade,
  offerLabel,
} from '../licenses/offers';

/** Why adding an offer would break an exclusion of section I (R60); null where it doesn't. */
export function findConflict(user: UserCase, offer: string): string | null {
  const { held, policy, callingOffers } = user;
  const downgraded = held.find((one) => isForbiddenDowngrade(one.offer, offer, callingOffers));
  if (downgraded) {
    return `Webex doesn't allow a downgrade from ${offerLabel(downgraded.offer)} to ${offerLabel(offer)}`;
  }
  const granted = policy.desired.entries.map((entry) => entry.offer);
  const staying = held.filter((one) => granted.includes(one.offer) || isStaying(user, one));
  const others = [...granted, ...staying.map((one) => one.offer)];
  const excluded = others.find(
    (other) => areExclusive(offer, other, callingOffers) && !isReplaceable(offer, other, held),
  );
  if (excluded !== undefined) {
    return `${offerLabel(offer)} and ${offerLabel(excluded)} can't be combined`;
  }
  if (offer === callingOffers.attendantConsole && !others.includes(callingProfessional)) {
    return `${offerLabel(offer)} requires ${offerLabel(callingProfessional)}`;
  }
  return null;
}

/** R19b: Premium replaces Standard, unless Standard can't be removed. */
function isReplaceable(offer: string, other: string, held: readonly HeldLicense[]): boolean {
  if (offer !== contactCenterPremium || other !== contactCenterStandard) return false;
  return held.every((one) => one.offer !== other || one.position !== null);
}
