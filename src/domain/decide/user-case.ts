import type { CallingVerdict } from '../licenses/calling';
import {
  type HeldLicense,
  holdingsIn,
  type LicenseIndex,
  licenseTarget,
} from '../licenses/license-index';
import type { CallingOffers } from '../model/settings';
import type { Holdings } from '../model/user';
import type { Policy } from './policy';

export interface DecideInput {
  policy: Policy;
  holdings: Holdings;
  index: LicenseIndex;
  callingOffers: CallingOffers;
  /** Sites that the user administers: no attendee account there (R39). */
  administers?: ReadonlySet<string>;
  /** Sites where the attendee account feature is on (R38); absent: wherever attendee is granted. */
  attendeeFeature?: ReadonlySet<string>;
  /** Whether the user can get Calling (R62–R64); absent: nothing grants it. */
  calling?: CallingVerdict;
}

/** One user as the rules see them. */
export interface UserCase extends DecideInput {
  held: HeldLicense[];
  attendeeSites: ReadonlySet<string>;
}

export function userCase(input: DecideInput): UserCase {
  return {
    ...input,
    held: holdingsIn(input.index, input.holdings.licenses),
    attendeeSites: new Set(input.holdings.attendeeSites ?? []),
  };
}

/** Held and not removed: the organization doesn't list it, or the policy keeps it. */
export function isStaying({ policy }: UserCase, license: HeldLicense): boolean {
  return license.position === null || !('take' in policy.ifNotDesired(licenseTarget(license)));
}

export function isAttendeeOn({ attendeeSites }: UserCase, site: string): boolean {
  return attendeeSites.has(site);
}

export function hostLicensesOn({ held }: UserCase, site: string): HeldLicense[] {
  return held.filter((license) => license.site === site);
}

/** R39: administrators of a site can't be attendees there. */
export function isAdministratorOf({ administers }: UserCase, site: string): boolean {
  return administers?.has(site) === true;
}

/** R38: attendee is possible only where the feature is on. */
export function hasAttendeeFeature({ attendeeFeature }: UserCase, site: string): boolean {
  return attendeeFeature?.has(site) ?? true;
}

/** R38, R39: whether the user can be attendee while no host unit is left, or is already (R36). */
export function canBeAttendee(user: UserCase, site: string): boolean {
  if (isAdministratorOf(user, site)) return false;
  return isAttendeeOn(user, site) || hasAttendeeFeature(user, site);
}
