import type { Decision } from './decision';
import { holdingsIn, type LicenseIndex, licenseTarget } from '../licenses/license-index';
import {
  basicMessaging,
  callOnWebex,
  isImplicit,
  messagingOffers,
  offerLabel,
} from '../licenses/offers';
import { licenseLoss, protectNeeded, sortLosses } from './losses';
import { note } from '../model/note';
import type { Reason } from '../model/change';
import type { Holdings } from '../model/user';
import type { Template } from '../model/template';
import type { CallingOffers } from '../model/settings';
import type { RolloutChange } from '../request/rollout-request';

export type RemovableService = Extract<
  RolloutChange,
  { kind: 'remove-services' }
>['services'][number];

export interface ServiceRemovalInput {
  services: readonly RemovableService[];
  holdings: Holdings;
  index: LicenseIndex;
  callingOffers: CallingOffers;
}

/** Offers that turning a service off takes: messaging R58, calling R59. */
export function offersOfService(service: RemovableService): readonly string[] {
  switch (service) {
    case 'messaging':
      return messagingOffers;
    case 'calling':
      return [callOnWebex];
  }
}

/** What a user loses when services are turned off, dependents with what they need (R54, R58, R59). */
export function decideServiceRemoval(input: ServiceRemovalInput): Decision {
  const decision: Decision = { wants: [], losses: [], kept: [], blocked: [], removalsWait: false };
  const held = holdingsIn(input.index, input.holdings.licenses);
  const offers = new Set(input.services.flatMap(offersOfService));
  const losesMessaging = held.some(({ offer }) => offer === basicMessaging);
  for (const license of held) {
    const target = licenseTarget(license);
    if (license.position === null) {
      const text = "the organization doesn't list this license: never touched";
      decision.kept.push(note('unlisted', text, 'R45', target));
    } else if (isImplicit(license.offer)) {
      decision.kept.push(note('implicit', 'comes with every user', 'R57', target));
    } else if (offers.has(license.offer)) {
      decision.losses.push(licenseLoss(license, reasonFor(license.offer, losesMessaging), {}));
    }
  }
  decision.losses = protectNeeded(decision, held, input.callingOffers);
  decision.losses = sortLosses(decision.losses, input.callingOffers);
  return decision;
}

/** Templates that would give a removed service back (R59a). */
export function templatesGivingBack(
  services: readonly RemovableService[],
  templates: readonly Template[],
): Template[] {
  const offers = new Set(services.flatMap(offersOfService));
  return templates.filter(({ entitlements }) =>
    entitlements.some(({ offer }) => offers.has(offer)),
  );
}

function reasonFor(offer: string, losesMessaging: boolean): Reason {
  if (offer === callOnWebex) {
    return { code: 'service-off', text: 'calling is turned off', rule: 'R59', templates: [] };
  }
  if (offer === basicMessaging || !losesMessaging) {
    return { code: 'service-off', text: 'messaging is turned off', rule: 'R58', templates: [] };
  }
  const text = `goes with ${offerLabel(basicMessaging)}`;
  return { code: 'goes-with', text, rule: 'R54', templates: [] };
}
