import { preserved, type Policy } from '../decide/policy';
import { dependencyRank } from '../licenses/offers';
import type { ChangeTarget, Reason } from '../model/change';
import { compareText } from '../model/text/compare-text';
import { grantableOf } from '../model/target-key';
import type { DesiredEntry } from '../templates/compose-templates';

const restored: Reason = {
  code: 'restored',
  text: 'an earlier rollout removed it',
  rule: 'R81',
  templates: [],
};

/** R81: adds what an earlier rollout removed to users who lack it, and removes nothing. */
export function restorePolicy(taken: readonly ChangeTarget[]): Policy {
  const entries = taken.map(entryOf);
  entries.sort(
    (a, b) => dependencyRank(a.offer) - dependencyRank(b.offer) || compareText(a.offer, b.offer),
  );
  return {
    desired: { entries, templates: [] },
    grant: () => restored,
    ifNotDesired: () => preserved,
  };
}

function entryOf(target: ChangeTarget): DesiredEntry {
  return {
    ...grantableOf(target),
    attendeeFallback: false,
    requiredBy: null,
    rule: 'R81',
    templates: [],
  };
}
