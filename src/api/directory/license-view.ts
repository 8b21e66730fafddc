import type { StoredLicense, UnitsToday } from '../../db/directory/own-writes';
import type { OpenPlan } from '../../db/rollout/open-plans';
import { unitsLeftOf, type LicenseIndex } from '../../domain/licenses/license-index';
import { offerLabel, serviceOf } from '../../domain/licenses/offers';
import type { License } from '../../domain/model/license';
import { forecastOpenPlans, type UnitOutlook } from '../../domain/plan/forecast-open-plans';
import { rolloutAddress } from '../http/parameters/addresses';

/**
 * Units of licenses, and what the open plans would make of them, each alone and all together. `index`: of
 * the units as Webex will show them once it shows what we have written.
 */
export function licenseViews(
  { shown, now }: UnitsToday,
  plans: readonly OpenPlan[],
  index: LicenseIndex,
) {
  const alone = plans.map((plan) => ({ plan, outlooks: forecastOpenPlans(index, plan.demands) }));
  const together = forecastOpenPlans(
    index,
    plans.flatMap(({ demands }) => demands),
  );
  const left = new Map(now.map((license) => [license.id, unitsLeftOf(license)]));
  return shown.map((license) => {
    const forecast = alone.flatMap(({ plan: { orgId, rolloutId }, outlooks }) => {
      const outlook = outlookOf(outlooks, license);
      if (outlook.taken + outlook.freed + outlook.waiting === 0) return [];
      return [{ rollout: rolloutAddress(orgId, rolloutId), ...outlook }];
    });
    const openPlans = { plans: forecast.length, ...outlookOf(together, license) };
    return {
      ...licenseView(license),
      unitsLeft: left.get(license.id) ?? null,
      forecast,
      openPlans,
    };
  });
}

function licenseView({ id, consumedUnits, totalUnits, readAt, ...rest }: StoredLicense) {
  return {
    licenseId: id,
    ...rest,
    label: offerLabel(rest.offer),
    service: serviceOf(rest.offer),
    totalUnits,
    consumedUnits,
    readAt: readAt.toISOString(),
  };
}

function outlookOf(outlooks: ReadonlyMap<string, UnitOutlook>, { id }: License): UnitOutlook {
  const outlook = outlooks.get(id);
  if (!outlook) throw new Error('a license has no forecast');
  return outlook;
}
