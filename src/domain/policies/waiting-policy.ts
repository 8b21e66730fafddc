import { grantableOf, grantKey, targetKey } from '../model/target-key';
import type { Desired, DesiredEntry } from '../templates/compose-templates';
import { compareText } from '../model/compare-text';
import type { Change, ChangeTarget } from '../model/change';
import type { CallingOffers } from '../model/settings';
import {
  basicMessaging,
  basicSpaceMeetings,
  dependencyRank,
  isIrreversible,
  prerequisitesOf,
} from '../licenses/offers';
import { preserved, type Policy, type Treatment } from '../decide/policy';
import { grantedReason } from '../templates/reasons';

export interface WaitingInput {
  desired: Desired;
  withheld: readonly Change[];
  callingOffers: CallingOffers;
}

/**
 * R46: what a rollout withheld, as far as it is still right. What a template granted or didn't must
 * be so still; what a file or a person asked for is done as it was asked. A replacement is decided
 * anew: what is replaced goes with what takes its place, and not without it. What is asked for brings what it
 * needs, where a template grants that.
 */
export function waitingPolicy(input: WaitingInput): Policy {
  const { desired, withheld, callingOffers } = input;
  const asked = askedFor(withheld);
  // Granted still, and lost since the rollout: without it what is asked for can't be had (R53).
  const needed = [...asked.values()].flatMap(({ target }) =>
    target.kind === 'license' ? prerequisitesOf(target.offer, callingOffers) : [],
  );
  // Any messaging brings space meetings (R56).
  if (needed.includes(basicMessaging)) needed.push(basicSpaceMeetings);
  const isAsked = (entry: DesiredEntry) =>
    asked.has(grantKey(entry)) || needed.includes(entry.offer) || isHeldBeside(entry, input);
  const entries = [...desired.entries.filter(isAsked), ...othersAsked(input)];
  const rank = ({ offer }: DesiredEntry) => dependencyRank(offer, callingOffers);
  entries.sort((a, b) => rank(a) - rank(b) || compareText(grantKey(a), grantKey(b)));
  return {
    desired: { ...desired, entries },
    grant: (entry) => reasonFor(entry, input),
    ifNotDesired: (target) => judgeWaiting(target, input),
  };
}

/** The same beside something else that was found about the user. */
export function alsoWaiting(policy: Policy, input: WaitingInput): Policy {
  if (input.withheld.length === 0) return policy;
  const { desired } = policy;
  return {
    desired: { ...desired, entries: [...desired.entries, ...othersAsked(input)] },
    grant: (entry) => reasonFor(entry, input),
    ifNotDesired: (target) => {
      const verdict = policy.ifNotDesired(target);
      return 'take' in verdict ? verdict : judgeWaiting(target, input);
    },
  };
}

/** R29b: nothing automatic ever removes Webex Calling. */
export const needsAcknowledgement: Treatment = {
  block: {
    code: 'irreversible',
    text: 'taking Calling is irreversible: it needs a rollout that acknowledges it',
    rule: 'R29b',
  },
};

export function isCalling(target: ChangeTarget, callingOffers: CallingOffers): boolean {
  return target.kind === 'license' && isIrreversible(target.offer, callingOffers);
}

function judgeWaiting(target: ChangeTarget, input: WaitingInput): Treatment {
  const { withheld, desired, callingOffers } = input;
  const removal = withheld.find(
    (change) => change.operation === 'remove' && targetKey(change.target) === targetKey(target),
  );
  if (!removal || removal.reason.code === 'replaced') return preserved;
  if (isStillGranted(desired, target, removal)) return preserved;
  return isCalling(target, callingOffers) ? needsAcknowledgement : { take: removal.reason };
}

function isStillGranted({ entries }: Desired, target: ChangeTarget, { reason }: Change): boolean {
  if (isSecond(reason)) return false;
  if (reason.code !== 'not-granted' && reason.code !== 'withdrawn') return false;
  const key = grantKey(grantableOf(target));
  return entries.some((entry) => grantKey(entry) === key);
}

function askedFor(withheld: readonly Change[]): Map<string, Change> {
  const additions = withheld.filter(({ operation }) => operation === 'add');
  return new Map(additions.map((change) => [grantKey(entryOf(change)), change]));
}

/** What no template had granted: a file or a restoration asked for it. */
function othersAsked({ desired, withheld }: WaitingInput): DesiredEntry[] {
  const granted = new Set(desired.entries.map(grantKey));
  return [...askedFor(withheld).values()]
    .filter(({ reason }) => reason.templates.length === 0)
    .map(entryOf)
    .filter((entry) => !granted.has(grantKey(entry)));
}

/**
 * What is held beside something whose removal was withheld: the host beside an attendee account (R40),
 * or the same from an older subscription (R45).
 */
function isHeldBeside(entry: DesiredEntry, { withheld }: WaitingInput): boolean {
  const { kind, site } = entry;
  return withheld.some(({ operation, target, reason }) => {
    if (operation !== 'remove') return false;
    if (target.kind === 'license') return isSecond(reason) && grantKey(target) === grantKey(entry);
    return kind === 'license' && reason.code === 'replaced' && target.site === site;
  });
}

/** Held from an older subscription too: that it is granted is no reason to keep both (R45). */
function isSecond({ code, rule }: Change['reason']): boolean {
  return code === 'not-granted' && rule === 'R45';
}

function reasonFor(entry: DesiredEntry, { desired, withheld }: WaitingInput) {
  if (desired.entries.includes(entry)) return grantedReason(entry);
  return askedFor(withheld).get(grantKey(entry))?.reason ?? grantedReason(entry);
}

function entryOf({ target, reason, attendeeFallback }: Change): DesiredEntry {
  const { rule, templates } = reason;
  return {
    ...grantableOf(target),
    attendeeFallback: attendeeFallback ?? false,
    requiredBy: null,
    rule,
    templates,
  };
}
