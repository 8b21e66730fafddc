import type { License } from '../model/license';
import { isFreeOffer } from './offers';

/**
 * How many people the organization has by its free licenses: they have as many units as there are users
 * (recorded). Null where none is listed. Where they differ, the smallest: a promise that is too high
 * would call every list of people incomplete.
 */
export function peopleByFreeLicenses(licenses: readonly License[]): number | null {
  const units = licenses
    .filter(({ offer, subscriptionId }) => subscriptionId === null && isFreeOffer(offer))
    .map(({ totalUnits }) => totalUnits)
    .filter((total) => total > 0);
  return units.length === 0 ? null : Math.min(...units);
}
