import type { Decision } from './decision';
import { holdingsIn, type LicenseIndex } from '../licenses/license-index';
import { basicMessaging, callOnWebex, messagingOffers, offerLabel } from '../licenses/offers';
import { type Finding, toDecision } from './finding';
import { cannotBeRemoved } from './judge-remaining';
import { keepNeeded, licenseLoss, sortLosses } from './losses';
import type { Reason } from '../model/change';
import type { Holdings } from '../model/user';
import type { TemplateRef } from '../model/template';
import type { Desired } from '../templates/compose-templates';
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

/** Offers that turning a service off removes: messaging R58, calling R59. */
export function offersOfService(service: RemovableService): readonly string[] {
  switch (service) {
    case 'messaging':
      return messagingOffers;
    case 'calling':
      return [callOnWebex];
  }
}

/** What a user loses when services are turned off, with all that requires it (R54, R58, R59). */
export function decideServiceRemoval(input: ServiceRemovalInput): Decision {
  const { services, callingOffers } = input;
  const held = holdingsIn(input.index, input.holdings.licenses);
  const offers = new Set(services.flatMap(offersOfService));
  const losesMessaging = held.some(({ offer }) => offer === basicMessaging);
  const findings = held.flatMap((license): Finding[] => {
    const untouchable = cannotBeRemoved(license);
    if (untouchable) return [untouchable];
    if (!offers.has(license.offer)) return [];
    const reason = reasonFor(license.offer, losesMessaging);
    return [{ lose: licenseLoss(license, reason, callingOffers) }];
  });
  const decision = keepNeeded(toDecision(findings), held, callingOffers);
  return { ...decision, losses: sortLosses(decision.losses, callingOffers) };
}

/** Templates that grant the user a removed service, and would add it again (R59a). */
export function templatesGivingBack(
  services: readonly RemovableService[],
  { entries }: Desired,
): TemplateRef[] {
  const offers = new Set(services.flatMap(offersOfService));
  const granting = entries
    .filter(({ kind, offer }) => kind === 'license' && offers.has(offer))
    .flatMap(({ templates }) => templates);
  return [...new Map(granting.map((one) => [one.templateId, one])).values()];
}

function reasonFor(offer: string, losesMessaging: boolean): Reason {
  if (offer === callOnWebex) {
    return { code: 'service-off', text: 'calling is turned off', rule: 'R59', templates: [] };
  }
  if (offer === basicMessaging || !losesMessaging) {
    return { code: 'service-off', text: 'messaging is turned off', rule: 'R58', templates: [] };
  }
  const text = `requires ${offerLabel(basicMessaging)}, which is removed`;
  return { code: 'goes-with', text, rule: 'R54', templates: [] };
}
