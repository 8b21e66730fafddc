import type { HeldLicense } from '../licenses/license-index';
import { areExclusive, offerLabel, prerequisitesOf } from '../licenses/offers';
import { note } from '../model/note';
import type { CallingOffers } from '../model/settings';
import type { Decision, LicenseWant, Loss, Want, WantIndex } from './decision';

/** A want that excludes a loss is added only together with it. Replacements are linked already. */
export function coupleExclusive(decision: Decision, callingOffers: CallingOffers): Decision {
  const excludesLoss = (offer: string) =>
    decision.losses.some(
      ({ replacedByWant, target }) =>
        replacedByWant === null &&
        target.kind === 'license' &&
        areExclusive(offer, target.offer, callingOffers),
    );
  const wants = decision.wants.map((want) =>
    want.kind === 'license' && excludesLoss(want.offer)
      ? { ...want, needsAllRemovals: true }
      : want,
  );
  return { ...decision, wants };
}

/** A want is blocked if a prerequisite can never be added, and waits if its prerequisite waits. */
export function linkNeeds(
  decision: Decision,
  held: readonly HeldLicense[],
  callingOffers: CallingOffers,
): Decision {
  const lacking = findLacking(decision, held, callingOffers);
  // Without this want others may lack a prerequisite.
  if (lacking) return linkNeeds(blockWant(decision, lacking), held, callingOffers);
  const wants = decision.wants.map((want): Want => {
    const needed = prerequisitesFor(want, callingOffers);
    const needs = decision.wants.flatMap((other, i) =>
      other.kind === 'license' && needed.includes(other.offer) ? [i] : [],
    );
    return { ...want, needs };
  });
  return { ...decision, wants };
}

interface Lacking {
  index: WantIndex;
  want: LicenseWant;
  /** The offer that the user neither has nor gets. */
  missing: string;
}

function findLacking(
  { wants }: Decision,
  held: readonly HeldLicense[],
  callingOffers: CallingOffers,
): Lacking | null {
  const licenses = wants.filter((want) => want.kind === 'license');
  const available = new Set([...held, ...licenses].map(({ offer }) => offer));
  for (const [index, want] of wants.entries()) {
    const needed = prerequisitesFor(want, callingOffers);
    const missing = needed.find((offer) => !available.has(offer));
    if (want.kind === 'license' && missing !== undefined) return { index, want, missing };
  }
  return null;
}

function prerequisitesFor(want: Want, callingOffers: CallingOffers): string[] {
  return want.kind === 'license' ? prerequisitesOf(want.offer, callingOffers) : [];
}

function blockWant(decision: Decision, { index, want, missing }: Lacking): Decision {
  const text = `requires ${offerLabel(missing)}, which the user can't get`;
  const target = { kind: 'offer', offer: want.offer, site: want.site } as const;
  return {
    ...withoutWant(decision, index),
    blocked: [...decision.blocked, note('forbidden', text, 'R53', target)],
    removalsWait: true,
  };
}

/** Drops a want and the removals of what it would have replaced. */
function withoutWant(decision: Decision, dropped: WantIndex): Decision {
  return {
    ...decision,
    wants: decision.wants.filter((_, i) => i !== dropped),
    losses: decision.losses
      .filter(({ replacedByWant }) => replacedByWant !== dropped)
      .map((loss): Loss => {
        const { replacedByWant } = loss;
        return replacedByWant !== null && replacedByWant > dropped
          ? { ...loss, replacedByWant: replacedByWant - 1 }
          : loss;
      }),
  };
}
