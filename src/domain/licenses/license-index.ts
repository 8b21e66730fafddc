import type { License } from '../model/license';
import type { SubscriptionOrder } from '../model/settings';
import { offerOfLicenseId, siteOfLicenseId } from '../model/webex-id';
import { at } from '../model/at';
import { compareText } from '../model/text/compare-text';
import type { ChangeTarget } from '../model/change';
import { grantableOf, grantKey, offerKey } from '../model/target-key';
import type { Holdings } from '../model/user';

/** Number of a license in `LicenseIndex.licenses`. */
export type LicensePosition = number & { readonly numbers?: 'licenses' };

/** Number of a pool in `LicenseIndex.pools`. */
export type PoolIndex = number & { readonly numbers?: 'pools' };

/** All licenses of one offer on one site; a user needs one of them (R8, R9). */
export interface Pool {
  offer: string;
  site: string | null;
  /** Positions in `LicenseIndex.licenses`, in the order in which they are used up (R44). */
  members: LicensePosition[];
}

/** The licenses of an organization, numbered so that plans can keep numbers instead of ids. */
export interface LicenseIndex {
  licenses: License[];
  pools: Pool[];
  /** Position of a license id; undefined for licenses that `GET /licenses` doesn't list. */
  positionOf(licenseId: string): LicensePosition | undefined;
  poolOf(offer: string, site: string | null): PoolIndex | undefined;
  /** Pool of the license at a position. */
  poolAt(position: LicensePosition): PoolIndex;
  /** Last day of the license's subscription; null: it has no end, or the settings don't say. */
  endsOn(position: LicensePosition): string | null;
}

/** One license that a user holds; `position` is null where the organization doesn't list it. */
export interface HeldLicense {
  licenseId: string;
  offer: string;
  site: string | null;
  position: LicensePosition | null;
}

/** Numbers licenses and orders each pool: free ones, then subscriptions by start, the unlisted by id. */
export function indexLicenses(
  given: readonly License[],
  subscriptions: readonly SubscriptionOrder[],
): LicenseIndex {
  const startsOn = new Map(subscriptions.map(({ id, startsOn }) => [id, startsOn]));
  const lastDay = new Map(subscriptions.map(({ id, endsOn }) => [id, endsOn ?? null]));
  const licenses = [...given].sort((a, b) => compareAge(a, b, startsOn));
  const positions = new Map(licenses.map(({ id }, position) => [id, position]));
  const pools: Pool[] = [];
  const poolByKey = new Map<string, PoolIndex>();
  const poolByPosition = licenses.map(({ offer, site }, position) => {
    const key = offerKey({ offer, site });
    const known = poolByKey.get(key);
    if (known !== undefined) {
      at(pools, known, 'pool').members.push(position);
      return known;
    }
    poolByKey.set(key, pools.length);
    return pools.push({ offer, site: site?.toLowerCase() ?? null, members: [position] }) - 1;
  });
  return {
    licenses,
    pools,
    positionOf: (licenseId) => positions.get(licenseId),
    poolOf: (offer, site) => poolByKey.get(offerKey({ offer, site })),
    poolAt: (position) => at(poolByPosition, position, 'license'),
    endsOn: (position) => lastDay.get(licenses[position]?.subscriptionId ?? '') ?? null,
  };
}

/** Units that are left. Null if a license never runs out or Webex doesn't show it (R47). */
export function unitsLeftOf(license: License): number | null {
  const balance = unitBalanceOf(license);
  return balance === null ? null : Math.max(0, balance);
}

/** Units bought that nobody uses; negative where more are in use than were bought. */
export function unitBalanceOf(license: License): number | null {
  const { subscriptionId, consumedUnits, totalUnits } = license;
  if (subscriptionId === null || consumedUnits === null || totalUnits < 0) return null;
  return totalUnits - consumedUnits;
}

/** What a user holds, in the order of the index, with what the organization doesn't list at the end. */
export function holdingsIn(index: LicenseIndex, licenseIds: readonly string[]): HeldLicense[] {
  const held = licenseIds.map((licenseId): HeldLicense => {
    const position = index.positionOf(licenseId);
    const license = position === undefined ? undefined : index.licenses[position];
    return {
      licenseId,
      offer: license?.offer ?? offerOfLicenseId(licenseId) ?? 'unknown',
      site: license ? (license.site?.toLowerCase() ?? null) : (siteOfLicenseId(licenseId) ?? null),
      position: position ?? null,
    };
  });
  const last = index.licenses.length;
  return held.sort(
    (a, b) => (a.position ?? last) - (b.position ?? last) || compareText(a.licenseId, b.licenseId),
  );
}

/** What a user holds, as `grantKey` names it. */
export function grantsHeld(index: LicenseIndex, holdings: Holdings): ReadonlySet<string> {
  const licenses = holdingsIn(index, holdings.licenses).map(licenseTarget);
  const attended = (holdings.attendeeSites ?? []).map((site) => ({
    kind: 'attendee' as const,
    site,
  }));
  return new Set([...licenses, ...attended].map((target) => grantKey(grantableOf(target))));
}

/**
 * R45: of copies from several subscriptions, the one that lasts longest comes first; among equals the
 * oldest. Copies that the organization doesn't list come last.
 */
export function longestLastingFirst(
  { endsOn }: Pick<LicenseIndex, 'endsOn'>,
  copies: readonly HeldLicense[],
): HeldLicense[] {
  const end = ({ position }: HeldLicense) =>
    position === null ? '' : (endsOn(position) ?? '9999-12-31');
  // The sort is stable, and the index has the oldest first.
  return [...copies].sort((a, b) => compareText(end(b), end(a)));
}

function compareAge(a: License, b: License, startsOn: ReadonlyMap<string, string>): number {
  const age = ({ subscriptionId }: License) => {
    if (subscriptionId === null) return `0`;
    const start = startsOn.get(subscriptionId);
    return start === undefined ? `2 ${subscriptionId}` : `1 ${start} ${subscriptionId}`;
  };
  return compareText(age(a), age(b)) || compareText(a.id, b.id);
}

export function licenseTarget({ licenseId, offer, site }: HeldLicense): ChangeTarget {
  return { kind: 'license', licenseId, offer, site };
}
