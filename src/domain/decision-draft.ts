import type { Desired } from './composition';
import type { Decision } from './decision';
import type { HeldLicense, LicenseIndex } from './license-index';
import { licenseTarget, note } from './losses';
import type { CallingOffers, Holdings, Note } from './model';

export interface DecideInput {
  desired: Desired;
  holdings: Holdings;
  index: LicenseIndex;
  /** R19: on, nothing is taken but for replacements (R19b); off, what isn't desired goes (R13a). */
  preserve: boolean;
  callingOffers: CallingOffers;
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

export function attendeeKey(site: string): string {
  return `attendee:${site}`;
}
