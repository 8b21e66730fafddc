import type { OpenForecast } from '../../db/rollout/rollouts';
import type { License } from '../../domain/model/license';
import { unitsLeftOf } from '../../domain/licenses/license-index';
import { offerLabel, serviceOf } from '../../domain/licenses/offers';
import { rolloutAddress } from '../http/addresses';

/** Units of a license, and what each open plan would make of them. */
export function licenseView(license: License & { readAt: Date }, plans: readonly OpenForecast[]) {
  const { id, consumedUnits, totalUnits, readAt, ...rest } = license;
  return {
    licenseId: id,
    ...rest,
    label: offerLabel(license.offer),
    service: serviceOf(license.offer),
    totalUnits,
    consumedUnits,
    unitsLeft: unitsLeftOf(license),
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
