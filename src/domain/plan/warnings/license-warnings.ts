import type { LicenseIndex } from '../../licenses/license-index';
import { offerWithCode } from '../../licenses/offers';
import { at } from '../../model/at';
import { compareText } from '../../model/text/compare-text';
import type { OrgSettings } from '../../model/settings';
import type { Template } from '../../model/template';
import type { PlanWarning } from '../../model/warning';
import { counted } from '../../model/text/wording';
import type { PlanFigures } from './plan-figures';
import { nameOnSite } from './unit-warnings';

interface LicenseWarningInput {
  /** The templates that the plan grants by; none if a file or an earlier rollout determines what is added. */
  granting: readonly Template[];
  settings: Pick<OrgSettings, 'subscriptions'>;
  index: LicenseIndex;
  summary: Pick<PlanFigures, 'units'>;
  unlistedHolders: ReadonlyMap<string, number>;
}

/** Licenses that are missing, of unknown age, or unknown to the organization. */
export function licenseWarnings(input: LicenseWarningInput): PlanWarning[] {
  return [
    ...missingLicenses(input),
    ...subscriptionsOfUnknownAge(input),
    ...unlistedLicenses(input.unlistedHolders),
  ];
}

function missingLicenses({ granting, index }: LicenseWarningInput): PlanWarning[] {
  return granting.flatMap(({ name, entitlements }) =>
    entitlements.flatMap(({ offer, site, accountType }) => {
      if (accountType === 'attendee' || index.poolOf(offer, site ?? null) !== undefined) return [];
      const text = `Template "${name}" grants ${nameOnSite(offer, site)}, for which the organization no longer has a license.`;
      return [{ code: 'license-gone', text, rule: 'R46' }];
    }),
  );
}

/** R44: units of the oldest subscription are used first, and only the settings know the age. */
function subscriptionsOfUnknownAge(input: LicenseWarningInput): PlanWarning[] {
  const { index, settings } = input;
  const known = new Set(settings.subscriptions.map(({ id }) => id));
  return [...poolsInUse(input)].flatMap((poolIndex) => {
    const { offer, site, members } = at(index.pools, poolIndex, 'pool');
    const unknown = members
      .flatMap((position) => at(index.licenses, position, 'license').subscriptionId ?? [])
      .filter((id) => !known.has(id));
    if (members.length < 2 || unknown.length === 0) return [];
    const text =
      `${nameOnSite(offer, site)} belongs to several subscriptions. The settings give no start date ` +
      `for ${unknown.join(', ')}: those with a date are used first, then the others in the order of their ids.`;
    return [{ code: 'unlisted-subscription', text, rule: 'R44' }];
  });
}

/** Pools that a template grants, and those that the plan uses: files and reactions add without a template. */
function poolsInUse({ granting, index, summary }: LicenseWarningInput): Set<number> {
  const granted = granting
    .flatMap(({ entitlements }) => entitlements)
    .flatMap(({ offer, site }) => index.poolOf(offer, site ?? null) ?? []);
  const used = summary.units
    .filter(({ taken, waiting }) => taken + waiting > 0)
    .flatMap(({ licenseId }) => index.positionOf(licenseId) ?? [])
    .map((position) => index.poolAt(position));
  return new Set([...granted, ...used]);
}

function unlistedLicenses(unlistedHolders: ReadonlyMap<string, number>): PlanWarning[] {
  return [...unlistedHolders]
    .sort(([a], [b]) => compareText(a, b))
    .map(([offer, users]) => ({
      code: 'unlisted-license',
      text: `${counted(users, 'user holds', 'users hold')} ${offerWithCode(offer)}, which the organization doesn't list. Seatwise never changes it.`,
      rule: 'R45',
    }));
}
