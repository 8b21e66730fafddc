import { isStaying, type Draft } from './deciding';
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
export function findConflict(draft: Draft, offer: string): string | null {
  const { held, policy, callingOffers } = draft;
  const downgraded = held.find((one) => isForbiddenDowngrade(one.offer, offer, callingOffers));
  if (downgraded) {
    return `Webex refuses the downgrade from ${offerLabel(downgraded.offer)} to ${offerLabel(offer)}`;
  }
  const granted = policy.desired.entries.map((entry) => entry.offer);
  const staying = held.filter((one) => granted.includes(one.offer) || isStaying(draft, one));
  const beside = [...granted, ...staying.map((one) => one.offer)];
  const excluded = beside.find(
    (other) => areExclusive(offer, other, callingOffers) && !isReplaceable(offer, other, held),
  );
  if (excluded !== undefined) {
    return `${offerLabel(offer)} and ${offerLabel(excluded)} exclude each other`;
  }
  if (offer === callingOffers.attendantConsole && !beside.includes(callingProfessional)) {
    return `${offerLabel(offer)} needs ${offerLabel(callingProfessional)}`;
  }
  return null;
}

/** R19b: Standard gives way to Premium, unless it can't be touched. */
function isReplaceable(offer: string, other: string, held: readonly HeldLicense[]): boolean {
  if (offer !== contactCenterPremium || other !== contactCenterStandard) return false;
  return held.every((one) => one.offer !== other || one.position !== null);
}
