import { attendeeMeanwhile } from '../decide/attendee-meanwhile';
import type { Decision, LicenseWant, Loss, Want, WantIndex } from '../decide/decision';
import type { CallingVerdict } from '../licenses/calling';
import type { LicenseIndex, LicensePosition } from '../licenses/license-index';
import { needsCallingProperties } from '../licenses/offers';
import { applyChanges } from '../model/apply-changes';
import { at } from '../model/at';
import type { Change, ChangeTarget } from '../model/change';
import type { Note } from '../model/note';
import type { CallingOffers } from '../model/settings';
import type { Holdings } from '../model/user';
import { type Resolution, resolve } from '../units/resolve';
import { outcomeOf, type PlannedUser } from './planned-user';
import { waitingNote } from './waiting-note';

export interface AssembleInput {
  decision: Decision;
  before: Holdings;
  index: LicenseIndex;
  /** Position of the license chosen for a want; null if there was none. */
  licenseFor: (want: WantIndex) => LicensePosition | null;
  isInRing: boolean;
  /** Location, number and extension for a Calling license (R62). */
  calling?: CallingVerdict | undefined;
  callingOffers: CallingOffers;
}

export type AssembledUser = Pick<
  PlannedUser,
  'changes' | 'kept' | 'blocked' | 'waiting' | 'expected' | 'pending' | 'outcome'
>;

/** The complete decision about one user, once units are allocated. */
export function assembleUser(input: AssembleInput): AssembledUser {
  const { decision, before, isInRing, licenseFor } = input;
  const resolution = resolve(decision, (want) => licenseFor(want) !== null);
  const changes: Change[] = [];
  const waiting: Change[] = [];
  const blocked: Note[] = [...decision.blocked];
  for (const { loss, goes } of resolution.losses) {
    (goes ? changes : waiting).push(removalOf(loss));
  }
  for (const [i, { want, goes, meanwhile }] of resolution.wants.entries()) {
    const addition = additionOf(want, licenseFor(i), input);
    (goes ? changes : waiting).push(addition);
    if (goes) continue;
    const isHostOtherwise = isHostOn(want.site, resolution);
    blocked.push(waitingNote({ want, target: addition.target, isInRing, isHostOtherwise }));
    if (meanwhile !== null) changes.push(attendeeMeanwhile(meanwhile, want.reason));
  }
  return {
    changes,
    kept: decision.kept,
    blocked,
    waiting,
    expected: applyChanges(before, changes),
    pending: resolution.pending,
    outcome: outcomeOf(changes.length > 0, resolution.pending, {
      isBlocked: blocked.length > 0,
      isExcluded: decision.isExcluded === true,
    }),
  };
}

function removalOf({ target, reason, replacement }: Loss): Change {
  return { operation: 'remove', target, reason, replacement };
}

function additionOf(want: Want, given: LicensePosition | null, input: AssembleInput): Change {
  const { reason, replacement } = want;
  if (want.kind === 'attendee') {
    const target = { kind: 'attendee', site: want.site } as const;
    return { operation: 'add', target, reason, replacement };
  }
  const attendeeFallback = want.ifNoUnit === 'wait' ? {} : { attendeeFallback: true as const };
  const target = licenseTargetOf(want, given, input);
  const properties = callingProperties(want, input);
  return { operation: 'add', target, reason, replacement, ...attendeeFallback, ...properties };
}

function licenseTargetOf(
  { poolIndex, offer, site }: LicenseWant,
  given: LicensePosition | null,
  { index }: AssembleInput,
): ChangeTarget {
  // What waits is named by the license that would be used first (R44).
  const position =
    given ?? at(at(index.pools, poolIndex, 'pool').members, 0, 'license of the pool');
  return { kind: 'license', licenseId: at(index.licenses, position, 'license').id, offer, site };
}

function callingProperties(
  { offer }: LicenseWant,
  { calling, callingOffers }: AssembleInput,
): Pick<Change, 'calling'> {
  if (calling?.can !== true || !needsCallingProperties(offer, callingOffers)) return {};
  return { calling: calling.properties };
}

function isHostOn(site: string | null, { wants }: Resolution<Want, Loss>): boolean {
  return wants.some(({ want, goes }) => goes && want.kind === 'license' && want.site === site);
}
