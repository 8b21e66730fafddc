import { note } from '../model/note';
import { grantableOf, grantKey } from '../model/target-key';
import type { Decision, Want } from './decision';

/**
 * R104: names what was turned off for the user on purpose and would be added again. `turnedOff`: as
 * `grantKey` names it.
 */
export function nameTurnedOff(decision: Decision, turnedOff: readonly string[]): Decision {
  const again = decision.wants.filter((want) => turnedOff.includes(keyOf(want)));
  if (again.length === 0) return decision;
  const text = 'it was turned off for this user on purpose; this plan adds it again';
  const notes = again.map((want) => note('turned-on-again', text, 'R104', targetOf(want)));
  return { ...decision, kept: [...decision.kept, ...notes] };
}

function keyOf(want: Want): string {
  return want.kind === 'attendee'
    ? grantKey(grantableOf({ kind: 'attendee', site: want.site }))
    : grantKey(want);
}

function targetOf(want: Want) {
  return want.kind === 'attendee'
    ? ({ kind: 'attendee', site: want.site } as const)
    : ({ kind: 'offer', offer: want.offer, site: want.site } as const);
}
