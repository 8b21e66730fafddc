/** Replacements (R19b): an addition, and the removal that makes room for it. */
import { areExclusive, isIrreversible } from '../licenses/offers';
import type { Change, ChangeTarget } from '../model/change';
import type { CallingOffers } from '../model/settings';

/** The addition and the removal of one replacement: nobody may end with neither, nor with both. */
export function areHalves(one: Change, other: Change, callingOffers: CallingOffers): boolean {
  return (
    one.operation !== other.operation &&
    (excludeEachOther(one.target, other.target, callingOffers) ||
      isSameOffer(one.target, other.target))
  );
}

/** Host and attendee of one site, or two licenses that one user can't hold together. */
export function excludeEachOther(
  one: ChangeTarget,
  other: ChangeTarget,
  callingOffers: CallingOffers,
): boolean {
  if (one.kind !== other.kind) return one.site === other.site;
  if (one.kind === 'attendee' || other.kind === 'attendee') return false;
  return areExclusive(one.offer, other.offer, callingOffers);
}

/** The same license from two subscriptions. */
function isSameOffer(one: ChangeTarget, other: ChangeTarget): boolean {
  if (one.kind === 'attendee' || other.kind === 'attendee') return false;
  return one.offer === other.offer && one.site === other.site && one.licenseId !== other.licenseId;
}

/** A removal after which nothing brings back what was lost: number, extension and voicemail (R68). */
export function isPermanentRemoval(change: Change, callingOffers: CallingOffers): boolean {
  const { operation, target } = change;
  return (
    operation === 'remove' &&
    target.kind === 'license' &&
    isIrreversible(target.offer, callingOffers)
  );
}
