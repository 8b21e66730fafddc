import type { Decision } from './decision';
import { type HeldLicense, type LicenseIndex, licenseTarget } from '../licenses/license-index';
import { note, type Note } from '../model/note';
import type { CallingVerdict } from '../licenses/calling';
import type { Holdings } from '../model/user';
import type { CallingOffers } from '../model/settings';
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
  /** Whether Calling can be given (R62–R64); absent: nothing was asked. */
  calling?: CallingVerdict;
}

/** What deciding gathers, one desired entry after the other. */
export interface Draft extends DecideInput {
  held: HeldLicense[];
  attendeeSites: ReadonlySet<string>;
  /** Held licenses and attendee sites that have been dealt with. */
  settled: Set<string>;
  decision: Decision;
}

/** Section I: held, but not listed by the organization. */
export function unlisted(license: HeldLicense): Note {
  const text = "the organization doesn't list this license: never touched";
  return note('unlisted', text, 'R45', licenseTarget(license));
}

/** Held, and not to be taken: the organization doesn't list it, or the policy lets it stay. */
export function isStaying({ policy }: Pick<Draft, 'policy'>, license: HeldLicense): boolean {
  return license.position === null || !('take' in policy.ifNotDesired(licenseTarget(license)));
}

export function attendeeKey(site: string): string {
  return `attendee:${site}`;
}

/** R39: whoever administers a site can't be attendee there. */
export function administers({ administers }: Draft, site: string | null): boolean {
  return site !== null && administers?.has(site) === true;
}

/** R38: attendee is possible only where the feature is on. */
export function hasAttendeeFeature({ attendeeFeature }: Draft, site: string): boolean {
  return attendeeFeature?.has(site) ?? true;
}
