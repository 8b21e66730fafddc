import type { OpenForecast } from '../../db/rollouts';
import type { License } from '../../domain/model';
import { isFree, offerLabel, serviceOf } from '../../domain/offers';
import { rolloutAddress } from '../addresses';

/** Units of a license, and what each open plan would make of them. */
export function licenseView(license: License & { readAt: Date }, plans: readonly OpenForecast[]) {
  const { id, consumedUnits, totalUnits, readAt, ...rest } = license;
  const isLimited = !isFree(license) && consumedUnits !== null;
  return {
    licenseId: id,
    ...rest,
    label: offerLabel(license.offer),
    service: serviceOf(license.offer),
    totalUnits,
    consumedUnits,
    unitsLeft: isLimited ? Math.max(0, totalUnits - consumedUnits) : null,
    forecast: plans.flatMap(({ orgId, rolloutId, units }) =>
      units
        .filter(
          ({ licenseId, taken, freed, waiting }) => licenseId === id && taken + freed + waiting > 0,
        )
        .map(({ taken, freed, waiting, unitsLeftAfter }) => ({
          rollout: rolloutAddress(orgId, rolloutId),
          taken,
          freed,
          waiting,
          unitsLeftAfter,
        })),
    ),
    readAt: readAt.toISOString(),
  };
}
