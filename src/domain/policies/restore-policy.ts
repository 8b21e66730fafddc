import type { DesiredEntry } from '../templates/compose-templates';
import { compareText } from '../model/compare-text';
import type { ChangeTarget } from '../model/change';
import { dependencyRank } from '../licenses/offers';
import { preserved, type Policy } from '../decide/policy';

/** R81: what an earlier rollout took is given again, to whoever lacks it; nothing is taken. */
export function restorePolicy(taken: readonly ChangeTarget[]): Policy {
  const entries = taken.map((target): DesiredEntry => {
    const offer = target.kind === 'license' ? target.offer : 'attendee';
    const { kind, site } = target;
    const plain = { attendeeFallback: false, requiredBy: null, rule: 'R81', templates: [] };
    return { offer, site, kind, ...plain };
  });
  entries.sort(
    (a, b) => dependencyRank(a.offer) - dependencyRank(b.offer) || compareText(a.offer, b.offer),
  );
  return {
    desired: { entries, templates: [] },
    grant: () => ({
      code: 'restored',
      text: 'was taken by an earlier rollout',
      rule: 'R81',
      templates: [],
    }),
    ifNotDesired: () => preserved,
  };
}
