import type { Entitlement } from '../model/template';
import type { CallingOffers, OrgSettings } from '../model/settings';
import {
  advancedMessaging,
  advancedSpaceMeetings,
  areExclusive,
  basicMessaging,
  basicSpaceMeetings,
  callingProfessional,
  offerWithCode,
  isContactCenter,
} from '../licenses/offers';
import type { License } from '../model/license';

/** An entitlement and its place in the body. */
export interface Located {
  pointer: string;
  entitlement: Entitlement;
}

/** Unknown offers and sites, missing or needless sites, attendee where the feature is off (R38). */
export function siteFaults(located: Located, input: ValidateInput): TemplateFault[] {
  const { pointer } = located;
  const { offer, site, accountType } = located.entitlement;
  const title = offerWithCode(offer);
  const ofOffer = input.licenses.filter((license) => license.offer === offer);
  const fault = (field: string, code: string, detail: string, rule: string): TemplateFault[] => [
    { pointer: `${pointer}/${field}`, code, detail, rule },
  ];
  if (ofOffer.length === 0) {
    const known = listOf(input.licenses.map((license) => offerWithCode(license.offer)));
    const detail = `The organization has no license of ${title}; it has ${known}.`;
    return fault('offer', 'unknown-offer', detail, 'R8');
  }
  const sites = ofOffer.flatMap((license) => license.site?.toLowerCase() ?? []);
  if (sites.length === 0) {
    if (site !== undefined) {
      return fault('site', 'site-not-allowed', `${title} isn't licensed per site.`, 'R9');
    }
    if (accountType === undefined) return [];
    const detail = `${title} isn't licensed per site, so it has no account type.`;
    return fault('accountType', 'account-type-not-allowed', detail, 'R34');
  }
  if (site === undefined) {
    const missing = `${title} is licensed per site: name one of ${listOf(sites)}.`;
    const needsNone = ofOffer.some((license) => license.site === null);
    const siteFault = needsNone ? [] : fault('site', 'site-missing', missing, 'R9');
    const detail = 'An account type needs a site.';
    return accountType === undefined
      ? siteFault
      : [...siteFault, ...fault('accountType', 'account-type-without-site', detail, 'R34')];
  }
  const faults = sites.includes(site)
    ? []
    : fault('site', 'unknown-site', `${title} has no site ${site}; it has ${listOf(sites)}.`, 'R9');
  if (accountType !== 'attendee' || isAttendeeSite(site, input) || faults.length > 0) return faults;
  const detail = `Attendee accounts are not enabled on ${site} (setting attendeeSites).`;
  return fault('accountType', 'attendee-not-enabled', detail, 'R38');
}

/** Space meetings without messaging (R55); MS includes FMS (R53). */
export function dependencyFaults(located: readonly Located[]): TemplateFault[] {
  const offers = located.map(({ entitlement }) => entitlement.offer);
  if (offers.includes(basicMessaging) || offers.includes(advancedMessaging)) return [];
  return located.flatMap(({ pointer, entitlement: { offer } }) => {
    if (offer !== basicSpaceMeetings && offer !== advancedSpaceMeetings) return [];
    const detail = `${offerWithCode(offer)} needs a messaging license: add ${offerWithCode(basicMessaging)} or ${offerWithCode(advancedMessaging)}.`;
    return [{ pointer: `${pointer}/offer`, code: 'unmet-dependency', detail, rule: 'R55' }];
  });
}

/** Calling offers that exclude each other, and Attendant Console without Professional (R60). */
export function exclusionFaults(
  located: readonly Located[],
  callingOffers: CallingOffers,
): TemplateFault[] {
  const offers = located.map(({ entitlement }) => entitlement.offer);
  return located.flatMap(({ pointer, entitlement: { offer } }, i) => {
    const faults: TemplateFault[] = [];
    // Contact Center Standard and Premium together are no fault: users get Premium (R41).
    const excluded = offers
      .slice(0, i)
      .find((other) => areExclusive(offer, other, callingOffers) && !isContactCenter(offer));
    if (excluded !== undefined) {
      const detail = `A user can't hold both ${offerWithCode(offer)} and ${offerWithCode(excluded)}.`;
      faults.push({ pointer: `${pointer}/offer`, code: 'exclusion', detail, rule: 'R60' });
    }
    if (offer === callingOffers.attendantConsole && !offers.includes(callingProfessional)) {
      const detail = `${offerWithCode(offer)} needs ${offerWithCode(callingProfessional)}.`;
      faults.push({ pointer: `${pointer}/offer`, code: 'unmet-dependency', detail, rule: 'R60' });
    }
    return faults;
  });
}

function isAttendeeSite(site: string, { settings }: ValidateInput): boolean {
  return settings.attendeeSites.some((one) => one.toLowerCase() === site);
}

function listOf(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ');
}

/** One fault of a template, and its place. */
export interface TemplateFault {
  /** JSON pointer into the body: `/entitlements/1/site`. */
  pointer: string;
  code: string;
  detail: string;
  rule: string;
}

export interface ValidateInput {
  entitlements: readonly Entitlement[];
  licenses: readonly License[];
  settings: Pick<OrgSettings, 'attendeeSites' | 'callingOffers'>;
}
