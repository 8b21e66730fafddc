import type { Service } from '../model/license';
import type { CallingOffers } from '../model/settings';

/** Offer codes whose meaning is public (section I); `BCSTD` is Calling Professional, in spite of its letters. */
export const basicMessaging = 'FMS';

export const advancedMessaging = 'MS';

export const basicSpaceMeetings = 'FTM';

export const advancedSpaceMeetings = 'CF';

export const callOnWebex = 'FTC';

export const freeScreenShare = 'FSS';

export const callingProfessional = 'BCSTD';

export const contactCenterPremium = 'CJPPRM';

export const contactCenterStandard = 'CJPSTD';

/** What turning messaging off removes (R58), dependents first. */
export const messagingOffers = [
  advancedSpaceMeetings,
  advancedMessaging,
  basicSpaceMeetings,
  basicMessaging,
] as const;

/** The free offers that templates can grant or leave out; FSS can't be controlled (R57). */
export const freeOffers = [basicMessaging, basicSpaceMeetings, callOnWebex] as const;

/** Free offers that can be removed; FSS can't (R57). */
export function isRemovableFree(offer: string): boolean {
  return (freeOffers as readonly string[]).includes(offer);
}

/** The four licenses that come with every user (R20, R22). */
export function isFreeOffer(offer: string): boolean {
  return offer === freeScreenShare || isRemovableFree(offer);
}

const labels: Readonly<Record<string, string>> = {
  FMS: 'Basic Messaging',
  MS: 'Advanced Messaging',
  FTM: 'Basic Space Meetings',
  CF: 'Advanced Space Meetings',
  FTC: 'Call on Webex',
  FSS: 'Free screen share',
  EE: 'Webex Meetings Suite',
  BCSTD: 'Webex Calling Professional',
  BCCA: 'Webex Calling Workspaces',
  BCHDO: 'Webex Calling Hot desk only',
  CJPPRM: 'Contact Center Premium',
  CJPSTD: 'Contact Center Standard',
  UCPREM: 'Unified CM',
};

const services: Readonly<Record<string, Service>> = {
  FMS: 'messaging',
  MS: 'messaging',
  FTM: 'messaging',
  CF: 'messaging',
  EE: 'meetings',
  MC: 'meetings',
  EC: 'meetings',
  TC: 'meetings',
  SC: 'meetings',
  FTC: 'calling',
  BCSTD: 'calling',
  BCCA: 'calling',
  BCHDO: 'calling',
  BCRLC: 'calling',
  UCPREM: 'calling',
  CJPPRM: 'contact-center',
  CJPSTD: 'contact-center',
};

/** The family of an offer; configured Calling codes are calling (section I). */
export function serviceOf(offer: string, callingOffers: CallingOffers = {}): Service {
  return services[offer] ?? (isConfiguredCalling(offer, callingOffers) ? 'calling' : 'other');
}

/** The name people know, or the code where it has none that is public. */
export function offerLabel(offer: string): string {
  return labels[offer] ?? offer;
}

/** The name with the code, for texts: `Advanced Messaging (MS)`; the code alone if no name is public. */
export function offerWithCode(offer: string): string {
  return isLabeled(offer) ? `${offerLabel(offer)} (${offer})` : offer;
}

/** Whether an offer has a public name of its own. */
export function isLabeled(offer: string): boolean {
  return offer in labels;
}

/** What an offer can't be held without (R53, R54, R55, and R60 for Attendant Console). */
export function prerequisitesOf(offer: string, callingOffers: CallingOffers = {}): string[] {
  switch (offer) {
    case advancedMessaging:
    case basicSpaceMeetings:
      return [basicMessaging];
    case advancedSpaceMeetings:
      return [basicMessaging, basicSpaceMeetings];
    default:
      return offer === callingOffers.attendantConsole ? [callingProfessional] : [];
  }
}

/** Place among prerequisites: additions ascend, removals descend (R61). */
export function dependencyRank(offer: string, callingOffers: CallingOffers = {}): number {
  switch (offer) {
    case basicMessaging:
      return 0;
    case basicSpaceMeetings:
      return 1;
    case advancedMessaging:
      return 2;
    case advancedSpaceMeetings:
      return 3;
    default:
      return offer === callingOffers.attendantConsole ? 5 : 4;
  }
}

/** Pairs that one user can't hold together: Calling (R60) and Contact Center (R41). */
export function areExclusive(one: string, other: string, callingOffers: CallingOffers): boolean {
  const { standard, attendantConsole, customerAssist } = callingOffers;
  const pairs: [string, string | undefined][] = [[contactCenterPremium, contactCenterStandard]];
  if (standard !== undefined) {
    pairs.push([standard, callingProfessional], [standard, attendantConsole]);
    pairs.push([standard, customerAssist]);
  }
  return pairs.some(([a, b]) => (a === one && b === other) || (a === other && b === one));
}

/** Whether Webex forbids going from one Calling offer to the other (R60). */
export function isForbiddenDowngrade(
  held: string,
  granted: string,
  callingOffers: CallingOffers,
): boolean {
  if (granted !== callingOffers.standard) return false;
  return held === callingProfessional || held === callingOffers.customerAssist;
}

/** Whether removing it deletes number, extension and voicemail permanently (R68). */
export function isIrreversible(offer: string, callingOffers: CallingOffers): boolean {
  const plain = [callingProfessional, 'BCCA', 'BCHDO', 'BCRLC'].includes(offer);
  return plain || offer === callingOffers.standard || offer === callingOffers.customerAssist;
}

/** Whether adding it needs a location, and a number or an extension (R62). */
export function needsCallingProperties(offer: string, callingOffers: CallingOffers): boolean {
  return offer === callingProfessional || offer === callingOffers.standard;
}

export function isContactCenter(offer: string): boolean {
  return serviceOf(offer) === 'contact-center';
}

function isConfiguredCalling(offer: string, callingOffers: CallingOffers): boolean {
  return Object.values(callingOffers).includes(offer);
}

/** FSS is implicit: no plan adds or removes it (R57). */
export function isImplicit(offer: string): boolean {
  return offer === freeScreenShare;
}
