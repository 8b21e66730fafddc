import { applyChanges } from '../model/apply-changes';
import { attendeeMeanwhile } from '../decide/attendee-meanwhile';
import type { Decision, Loss, Want } from '../decide/decision';
import type { Resolution } from '../units/resolve';
import type { LicenseIndex } from '../licenses/license-index';
import type { CallingVerdict } from '../licenses/calling';
import type { Note } from '../model/note';
import type { Change, ChangeTarget } from '../model/change';
import type { Holdings } from '../model/user';
import type { CallingOffers } from '../model/settings';
import { outcomeOf, type PlannedUser } from './planned-user';
import { needsCallingProperties } from '../licenses/offers';

export interface AssembleInput {
  decision: Decision;
  resolution: Resolution;
  before: Holdings;
  index: LicenseIndex;
  /** Position of the license that a want was given; null where there was none. */
  licenseFor: (want: number) => number | null;
  isInRing: boolean;
  /** What goes with a Calling license (R62). */
  calling?: CallingVerdict | undefined;
  callingOffers: CallingOffers;
}

export type AssembledUser = Pick<
  PlannedUser,
  'changes' | 'kept' | 'blocked' | 'withheld' | 'expected' | 'pending' | 'outcome'
>;

/** The complete decision about one user, once it is known which units there are. */
export function assembleUser(input: AssembleInput): AssembledUser {
  const { decision, resolution, before, isInRing } = input;
  const changes: Change[] = [];
  const withheld: Change[] = [];
  const blocked: Note[] = [...decision.blocked];
  for (const [i, loss] of decision.losses.entries()) {
    (resolution.lossGoes[i] === true ? changes : withheld).push(removalOf(loss));
  }
  for (const [i, want] of decision.wants.entries()) {
    const addition = additionOf(want, input.licenseFor(i), input);
    if (resolution.wantGoes[i] === true) {
      changes.push(addition);
      continue;
    }
    withheld.push(addition);
    const isHost = isHostOtherwise(want, decision, resolution);
    blocked.push(waitingNote(want, addition.target, { isInRing, isHost }));
    if (resolution.isAttendeeMeanwhile[i] === true)
      changes.push(attendeeMeanwhile(want.site ?? '', want.reason));
  }
  return {
    changes,
    kept: decision.kept,
    blocked,
    withheld,
    expected: applyChanges(before, changes),
    pending: resolution.pending,
    outcome: outcomeOf(changes.length > 0, resolution.pending, blocked.length > 0),
  };
}

function removalOf({ target, reason, replacement }: Loss): Change {
  return { operation: 'remove', target, reason, replacement };
}

function additionOf(want: Want, given: number | null, input: AssembleInput): Change {
  const { index, calling, callingOffers } = input;
  const { pool, offer, reason, replacement } = want;
  const site = want.site ?? '';
  if (pool === null) {
    return { operation: 'add', target: { kind: 'attendee', site }, reason, replacement };
  }
  // What waits is named by the license that would be used first (R44).
  const position = given ?? index.pools[pool]?.members[0] ?? 0;
  const licenseId = index.licenses[position]?.id ?? '';
  const target: ChangeTarget = { kind: 'license', licenseId, offer, site: want.site };
  const attendeeFallback = want.ifNoUnit === 'wait' ? {} : { attendeeFallback: true as const };
  const properties =
    calling?.can === true && needsCallingProperties(offer, callingOffers)
      ? { calling: calling.properties }
      : {};
  return { operation: 'add', target, reason, replacement, ...attendeeFallback, ...properties };
}

/** Gets another host license on the site, and so isn't attendee there. */
function isHostOtherwise({ site }: Want, { wants }: Decision, { wantGoes }: Resolution): boolean {
  return wants.some((other, i) => other.pool !== null && other.site === site && wantGoes[i]);
}

function waitingNote(
  want: Want,
  target: ChangeTarget,
  { isInRing, isHost }: { isInRing: boolean; isHost: boolean },
): Note {
  if (want.ifNoUnit !== 'wait' && !isHost) {
    const text = 'no host unit is left: attendee for now';
    return { code: 'host-pending', text, rule: 'R36', target };
  }
  if (isInRing) {
    const text = "waits in a ring of users who need each other's units";
    return { code: 'ring', text, rule: 'R46', target };
  }
  const text = want.needsAllRemovals
    ? 'waits together with the removals of this user'
    : 'no unit is left';
  return { code: 'no-unit', text, rule: 'R46', target };
}
