import type { Entitlement } from '../model/template';
import type { CallingOffers, OrgSettings } from '../model/settings';
import {
  advancedMessaging,
  advancedSpaceMeetings,
  areExclusive,
  basicMessaging,
  basicSpaceMeetings,
  callingProfessional,
  offerLabel,
} from '../licenses/offers';
import type { License } from '../model/license';

/** An entitlement and where it stands in the body. */
export interface Located {
  pointer: string;
  entitlement: Entitlement;
}

/** Unknown offers and sites, sites that are missing or don't belong, attendee where it is off (R38). */
export function siteFaults(located: Located, input: ValidateInput): TemplateFault[] {
  const { pointer } = located;
  const { offer, site, accountType } = located.entitlement;
  const ofOffer = input.licenses.filter((license) => license.offer === offer);
  const at = (field: string) => `${pointer}/${field}`;
  const fault = (field: string, code: string, detail: string, rule: string): TemplateFault[] => [
    { pointer: at(field), code, detail, rule },
  ];
  if (ofOffer.length === 0) {
    const known = listOf(input.licenses.map((license) => license.offer));
    const detail = `The organization has no license ${offer}; it has ${known}.`;
    return fault('offer', 'unknown-offer', detail, 'R8');
  }
  const sites = ofOffer.flatMap((license) => license.site?.toLowerCase() ?? []);
  if (sites.length === 0) {
    if (site !== undefined) {
      return fault('site', 'site-not-allowed', `${offer} isn't licensed per site.`, 'R9');
    }
    if (accountType === undefined) return [];
    const detail = `${offer} isn't licensed per site and has no account type.`;
    return fault('accountType', 'account-type-not-allowed', detail, 'R34');
  }
  if (site === undefined) {
    const missing = `${offer} is licensed per site: name one of ${listOf(sites)}.`;
    const needsNone = ofOffer.some((license) => license.site === null);
    const siteFault = needsNone ? [] : fault('site', 'site-missing', missing, 'R9');
    const detail = 'An account type needs a site.';
    return accountType === undefined
      ? siteFault
      : [...siteFault, ...fault('accountType', 'account-type-without-site', detail, 'R34')];
  }
  const faults = sites.includes(site)
    ? []
    : fault('site', 'unknown-site', `${offer} has no site ${site}; it has ${listOf(sites)}.`, 'R9');
  if (accountType !== 'attendee' || isAttendeeSite(site, input) || faults.length > 0) return faults;
  const detail = `The attendee account feature is off on ${site} (settings.attendeeSites).`;
  return fault('accountType', 'attendee-not-enabled', detail, 'R38');
}

/** Space meetings without messaging (R55); MS brings FMS by itself (R53). */
export function dependencyFaults(located: readonly Located[]): TemplateFault[] {
  const offers = located.map(({ entitlement }) => entitlement.offer);
  if (offers.includes(basicMessaging) || offers.includes(advancedMessaging)) return [];
  return located.flatMap(({ pointer, entitlement: { offer } }) => {
    if (offer !== basicSpaceMeetings && offer !== advancedSpaceMeetings) return [];
    const detail = `${offerLabel(offer)} (${offer}) needs a messaging license: add ${basicMessaging} or ${advancedMessaging}.`;
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
    const excluded = offers
      .slice(0, i)
      .find((other) => areExclusive(offer, other, callingOffers) && !isContactCenter(offer));
    if (excluded !== undefined) {
      const detail = `${offerLabel(offer)} (${offer}) and ${offerLabel(excluded)} (${excluded}) exclude each other.`;
      faults.push({ pointer: `${pointer}/offer`, code: 'exclusion', detail, rule: 'R60' });
    }
    if (offer === callingOffers.attendantConsole && !offers.includes(callingProfessional)) {
      const detail = `${offer} needs ${offerLabel(callingProfessional)} (${callingProfessional}).`;
      faults.push({ pointer: `${pointer}/offer`, code: 'unmet-dependency', detail, rule: 'R60' });
    }
    return faults;
  });
}

/** Contact Center Standard beside Premium is no fault: Premium is what users get (R41). */
function isContactCenter(offer: string): boolean {
  return offer.startsWith('CJP');
}

function isAttendeeSite(site: string, { settings }: ValidateInput): boolean {
  return settings.attendeeSites.some((one) => one.toLowerCase() === site);
}

function listOf(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ');
}

/** One thing that is wrong with a template, and where. */
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
