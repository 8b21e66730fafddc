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
import { compareText } from '../model/text/compare-text';
import { note } from '../model/note';
import { targetKey } from '../model/target-key';
import type { Reason } from '../model/change';
import type { CallingOffers } from '../model/settings';

/** The loss of a license that the organization lists. */
export function licenseLoss(
  license: HeldLicense,
  reason: Reason,
  callingOffers: CallingOffers,
): Loss {
  return {
    target: licenseTarget(license),
    position: license.position,
    reason,
    replacement: false,
    replacedByWant: null,
    isIrreversible: isIrreversible(license.offer, callingOffers),
  };
}

export function attendeeLoss(site: string, reason: Reason): Loss {
  return {
    target: { kind: 'attendee', site },
    position: null,
    reason,
    replacement: false,
    replacedByWant: null,
    isIrreversible: false,
  };
}

/**
 * R31b: what a license that stays requires is kept, and the plan shows why. FTM comes with any
 * messaging license (R56): removing it alone would never settle.
 */
export function keepNeeded(
  decision: Decision,
  held: readonly HeldLicense[],
  callingOffers: CallingOffers,
): Decision {
  const staying = offersThatStay(decision, held);
  const kept = decision.losses.flatMap(({ target }) => {
    if (target.kind !== 'license' || staying.has(target.offer)) return [];
    const dependent = [...staying].find((offer) => leans(offer, target.offer, callingOffers));
    if (dependent === undefined) return [];
    const text = `required by ${offerLabel(dependent)}, which the user keeps or gets`;
    return [note('needed', text, 'R31b', target)];
  });
  if (kept.length === 0) return decision;
  const isKept = ({ target }: Loss) => kept.some((one) => one.target === target);
  const losses = decision.losses.filter((loss) => !isKept(loss));
  // What is kept may itself require something.
  return keepNeeded(
    { ...decision, losses, kept: [...decision.kept, ...kept] },
    held,
    callingOffers,
  );
}

function offersThatStay(
  { wants, losses }: Decision,
  held: readonly HeldLicense[],
): ReadonlySet<string> {
  const lost = new Set(losses.map(({ target }) => targetKey(target)));
  const staying = held.filter(({ licenseId, offer }) => !lost.has(licenseId) && !isImplicit(offer));
  const added = wants.filter((want) => want.kind === 'license');
  return new Set([...staying, ...added].map(({ offer }) => offer));
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
  const key = ({ target }: Loss) => targetKey(target);
  return [...losses].sort((a, b) => rank(b) - rank(a) || compareText(key(a), key(b)));
}
