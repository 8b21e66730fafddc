import { preserved, type Policy, type Treatment } from '../decide/policy';
import {
  basicMessaging,
  basicSpaceMeetings,
  dependencyRank,
  prerequisitesOf,
} from '../licenses/offers';
import type { Change, ChangeTarget, Reason } from '../model/change';
import { compareText } from '../model/text/compare-text';
import type { CallingOffers } from '../model/settings';
import { grantableOf, grantKey, targetKey } from '../model/target-key';
import { unionOf, type Desired, type DesiredEntry } from '../templates/compose-templates';
import { grantedReason } from '../templates/reasons';
import { isPermanentLoss, needsAcknowledgement } from './calling-removal';

export interface WaitingInput {
  /** What all templates grant the user now. */
  desired: Desired;
  /** Changes that an earlier rollout planned, and that waited for a unit. */
  waiting: readonly Change[];
  /** What the user holds now, as `grantKey` names it. */
  held: ReadonlySet<string>;
  callingOffers: CallingOffers;
}

/**
 * R46, R107: the changes that waited, as far as they are still right:
 *
 * | what waited                          | is done now                           |
 * |--------------------------------------|---------------------------------------|
 * | an addition granted by a template    | if a template still grants it         |
 * | an addition that a file asked for    | as it was asked for                   |
 * | a removal because nothing granted it | if still nothing grants it            |
 * | a replacement                        | decided anew: both halves, or neither |
 * | any other removal                    | as planned, except Calling (R29b)     |
 *
 * Removals waited for the additions: they aren't made where one of these has lost its reason, or where
 * the user has come to hold all of them. An addition brings what it needs (R53), where a template
 * grants that.
 */
export function waitingPolicy(input: WaitingInput): Policy {
  const { desired } = input;
  return {
    desired: { ...desired, entries: waitingEntries(input) },
    grant: (entry) => reasonOf(entry, input),
    ifNotDesired: (target) => treat(target, input),
  };
}

/** A policy, and the changes that waited in addition to it. */
export function alsoWaiting(policy: Policy, input: WaitingInput): Policy {
  if (input.waiting.length === 0) return policy;
  const { desired } = policy;
  const own = new Set(desired.entries.map(grantKey));
  return {
    desired: { ...desired, entries: unionOf(desired.entries, waitingEntries(input)) },
    grant: (entry) => (own.has(grantKey(entry)) ? policy.grant(entry) : reasonOf(entry, input)),
    ifNotDesired: (target) => {
      const treatment = policy.ifNotDesired(target);
      return 'take' in treatment ? treatment : treat(target, input);
    },
  };
}

/** What waited and is still right, and what belongs to it. */
function waitingEntries(input: WaitingInput): DesiredEntry[] {
  const { desired, waiting, callingOffers } = input;
  const additions = additionsByKey(waiting);
  const needed = neededBy(additions, callingOffers);
  const stillGranted = desired.entries.filter(
    (entry) =>
      additions.has(grantKey(entry)) || needed.has(entry.offer) || isWhyRemoved(entry, waiting),
  );
  const entries = [...stillGranted, ...askedWithoutTemplate(input)];
  const rank = ({ offer }: DesiredEntry) => dependencyRank(offer, callingOffers);
  return entries.sort((a, b) => rank(a) - rank(b) || compareText(grantKey(a), grantKey(b)));
}

function treat(target: ChangeTarget, input: WaitingInput): Treatment {
  const { waiting, desired, callingOffers } = input;
  const removal = waiting.find(
    (change) => change.operation === 'remove' && targetKey(change.target) === targetKey(target),
  );
  if (!removal || removal.reason.code === 'replaced') return preserved;
  const isGranted = desired.entries.some(
    (entry) => grantKey(entry) === grantKey(grantableOf(target)),
  );
  if (isGranted && endsWithGrant(removal.reason)) return preserved;
  if (isWithoutReason(input)) return endedWithAddition;
  return isPermanentLoss(target, callingOffers) ? needsAcknowledgement : { take: removal.reason };
}

const endedWithAddition: Treatment = {
  keep: {
    code: 'preserved',
    text: 'its removal waited for an addition that is no longer to be made',
    rule: 'R107',
  },
};

/** R107: an addition that the removals waited for isn't asked for any more, or all of them are held. */
function isWithoutReason({ desired, waiting, held }: WaitingInput): boolean {
  const granted = new Set(desired.entries.map(grantKey));
  const additions = [...additionsByKey(waiting)];
  const hasLostReason = additions.some(
    ([key, { reason }]) => reason.templates.length > 0 && !granted.has(key),
  );
  const isOver = additions.length > 0 && additions.every(([key]) => held.has(key));
  return hasLostReason || isOver;
}

/** The removal was planned because no template granted it: not so if one grants it now. */
function endsWithGrant(reason: Reason): boolean {
  return !isSecondCopy(reason) && (reason.code === 'not-granted' || reason.code === 'withdrawn');
}

/** Held from another subscription as well: a grant is no reason to keep both (R45). */
function isSecondCopy({ code, rule }: Reason): boolean {
  return code === 'not-granted' && rule === 'R45';
}
/** Offers without which the additions can't be had: a user may have lost them since (R53). */
function neededBy(
  additions: ReadonlyMap<string, Change>,
  callingOffers: CallingOffers,
): ReadonlySet<string> {
  const needed = new Set(
    [...additions.values()].flatMap(({ target }) =>
      target.kind === 'license' ? prerequisitesOf(target.offer, callingOffers) : [],
    ),
  );
  // Any messaging license brings space meetings (R56).
  return needed.has(basicMessaging) ? needed.add(basicSpaceMeetings) : needed;
}

/**
 * A removal waited because of this entry, which is held: the host license that replaces an attendee
 * account (R40), or the copy that is kept (R45).
 */
function isWhyRemoved(entry: DesiredEntry, waiting: readonly Change[]): boolean {
  return waiting.some(({ operation, target, reason }) => {
    if (operation !== 'remove') return false;
    if (target.kind === 'license')
      return isSecondCopy(reason) && grantKey(target) === grantKey(entry);
    return reason.code === 'replaced' && entry.kind === 'license' && entry.site === target.site;
  });
}

/** Additions that no template had granted: a file or a restoration asked for them. */
function askedWithoutTemplate({ desired, waiting }: WaitingInput): DesiredEntry[] {
  const granted = new Set(desired.entries.map(grantKey));
  return [...additionsByKey(waiting)]
    .filter(([key, { reason }]) => reason.templates.length === 0 && !granted.has(key))
    .map(([, change]) => entryOf(change));
}

function additionsByKey(waiting: readonly Change[]): Map<string, Change> {
  const additions = waiting.filter(({ operation }) => operation === 'add');
  return new Map(additions.map((change) => [grantKey(grantableOf(change.target)), change]));
}

function reasonOf(entry: DesiredEntry, { desired, waiting }: WaitingInput): Reason {
  const isGranted = desired.entries.some((one) => grantKey(one) === grantKey(entry));
  const waited = isGranted ? undefined : additionsByKey(waiting).get(grantKey(entry));
  return waited?.reason ?? grantedReason(entry);
}

function entryOf({ target, reason, attendeeFallback }: Change): DesiredEntry {
  const { rule, templates } = reason;
  return {
    ...grantableOf(target),
    attendeeFallback: attendeeFallback === true,
    requiredBy: null,
    rule,
    templates,
  };
}
