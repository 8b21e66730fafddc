import type { Decision, Loss } from './decision';
import { licenseTarget, type HeldLicense } from '../licenses/license-index';
import {
  advancedMessaging,
  basicMessaging,
  basicSpaceMeetings,
  dependencyRank,
  isImplicit,
  isIrreversible,
  offerLabel,
  prerequisitesOf,
} from '../licenses/offers';
import { compareText } from '../model/compare-text';
import { note } from '../model/note';
import type { Reason } from '../model/change';
import type { CallingOffers } from '../model/settings';

interface LossOptions {
  replacedByWant?: number;
  replacement?: boolean;
  callingOffers?: CallingOffers;
}

/** The loss of a license that the organization lists. */
export function licenseLoss(license: HeldLicense, reason: Reason, options: LossOptions): Loss {
  return {
    target: licenseTarget(license),
    position: license.position,
    reason,
    replacement: options.replacement ?? options.replacedByWant !== undefined,
    replacedByWant: options.replacedByWant ?? null,
    isIrreversible: isIrreversible(license.offer, options.callingOffers ?? {}),
  };
}

export function attendeeLoss(site: string, reason: Reason, options: LossOptions): Loss {
  return {
    target: { kind: 'attendee', site },
    position: null,
    reason,
    replacement: options.replacement ?? options.replacedByWant !== undefined,
    replacedByWant: options.replacedByWant ?? null,
    isIrreversible: false,
  };
}

/**
 * R31b: what a license that stays can't be without is not taken, and the plan says so. FTM comes
 * with any messaging license (R56): taking it alone would never settle.
 */
export function protectNeeded(
  decision: Decision,
  held: readonly HeldLicense[],
  callingOffers: CallingOffers,
): Loss[] {
  let losses = decision.losses;
  for (let isSettled = false; !isSettled;) {
    const stays = offersThatStay(decision, losses, held);
    const next = losses.filter(({ target }) => {
      if (target.kind !== 'license' || stays.has(target.offer)) return true;
      const dependent = [...stays].find((offer) => leans(offer, target.offer, callingOffers));
      if (dependent === undefined) return true;
      const text = `required by ${offerLabel(dependent)}, which stays`;
      decision.kept.push(note('needed', text, 'R31b', target));
      return false;
    });
    isSettled = next.length === losses.length;
    losses = next;
  }
  return losses;
}

function offersThatStay(
  { wants }: Decision,
  losses: readonly Loss[],
  held: readonly HeldLicense[],
): Set<string> {
  const lost = new Set(
    losses.map(({ target }) => (target.kind === 'license' ? target.licenseId : null)),
  );
  const staying = held.filter(({ licenseId, offer }) => !lost.has(licenseId) && !isImplicit(offer));
  return new Set([...staying, ...wants].map(({ offer }) => offer));
}

function leans(offer: string, on: string, callingOffers: CallingOffers): boolean {
  const isMessaging = offer === basicMessaging || offer === advancedMessaging;
  if (isMessaging && on === basicSpaceMeetings) return true;
  return prerequisitesOf(offer, callingOffers).includes(on);
}

/** Dependents before what they need (R61). */
export function sortLosses(losses: readonly Loss[], callingOffers: CallingOffers): Loss[] {
  const rank = ({ target }: Loss) =>
    target.kind === 'license' ? dependencyRank(target.offer, callingOffers) : 9;
  const key = ({ target }: Loss) =>
    target.kind === 'license' ? target.licenseId : `attendee:${target.site}`;
  return [...losses].sort((a, b) => rank(b) - rank(a) || compareText(key(a), key(b)));
}
