import type { Decision, Loss, Want } from './decision';
import type { Draft } from './deciding';
import { note } from '../model/note';
import { areExclusive, offerLabel, prerequisitesOf } from '../licenses/offers';

/** What excludes a loss is only had together with it; replacements see to that by themselves. */
export function coupleExclusive({ decision, callingOffers }: Draft): void {
  for (const want of decision.wants) {
    want.needsAllRemovals ||= decision.losses.some(
      ({ replacedByWant, target }) =>
        replacedByWant === null &&
        target.kind === 'license' &&
        areExclusive(want.offer, target.offer, callingOffers),
    );
  }
}

/** A want whose prerequisite can't be had at all is blocked; one whose prerequisite waits, waits. */
export function linkNeeds(draft: Draft): void {
  const { decision, held, callingOffers } = draft;
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    for (const want of decision.wants) {
      const missing = prerequisitesOf(want.offer, callingOffers).find(
        (offer) => !held.some((one) => one.offer === offer) && !wants(decision, offer),
      );
      if (missing === undefined) continue;
      decision.removalsWait = true;
      const text = `needs ${offerLabel(missing)}, which can't be had`;
      const target = { kind: 'offer', offer: want.offer, site: want.site } as const;
      decision.blocked.push(note('forbidden', text, 'R53', target));
      dropWant(decision, want);
      isSettled = false;
      break;
    }
  }
  for (const want of decision.wants) {
    const needed = prerequisitesOf(want.offer, callingOffers);
    want.needs = decision.wants.flatMap(({ offer }, i) => (needed.includes(offer) ? [i] : []));
  }
}

function wants(decision: Decision, offer: string): boolean {
  return decision.wants.some((want) => want.offer === offer);
}

/** Takes a want out, with the loss that would have given way to it. */
function dropWant(decision: Decision, dropped: Want): void {
  const at = decision.wants.indexOf(dropped);
  decision.wants.splice(at, 1);
  decision.losses = decision.losses
    .filter(({ replacedByWant }) => replacedByWant !== at)
    .map((loss): Loss => {
      const { replacedByWant } = loss;
      return replacedByWant !== null && replacedByWant > at
        ? { ...loss, replacedByWant: replacedByWant - 1 }
        : loss;
    });
}
