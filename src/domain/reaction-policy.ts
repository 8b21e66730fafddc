import { targetKey } from './apply-changes';
import { compare } from './license-index';
import type { Desired, DesiredEntry } from './composition';
import type { CallingOffers, Change, ChangeTarget, Provenance } from './model';
import { freeOffers, freeScreenShare, isIrreversible } from './offers';
import { preserved, templatePolicy, type Policy, type Verdict } from './policy';
import type { ReactionMode } from './reaction';
import { grantedReason, ungrantedReason } from './reasons';

export interface ReactionInput {
  mode: ReactionMode;
  desired: Desired;
  provenance: Readonly<Record<string, Provenance>>;
  /** What a rollout had withheld; only in mode `waiting`. */
  withheld: readonly Change[];
  callingOffers: CallingOffers;
}

/** What happens by itself to one user: after a join, a move, a leave, or for somebody new. */
export function reactionPolicy(input: ReactionInput): Policy {
  switch (input.mode) {
    case 'add':
      return templatePolicy(input.desired, true);
    case 'exact':
      return exactPolicy(input);
    case 'new':
      return newUserPolicy(input);
    case 'waiting':
      return waitingPolicy(input);
  }
}

/** R29: exactly the desired set. With an empty one the free licenses that are held stay. */
function exactPolicy({ desired, callingOffers }: ReactionInput): Policy {
  const isEmpty = desired.entries.length === 0;
  const reason = ungrantedReason('not granted after a change of groups', 'R29', desired);
  const judge = (target: ChangeTarget): Verdict => {
    const forbidden = irreversible(target, callingOffers);
    if (forbidden) return forbidden;
    if (isEmpty && isFreeTarget(target)) {
      const text = 'no template grants anything: the free licenses stay';
      return { keep: { code: 'preserved', text, rule: 'R29' } };
    }
    return { take: reason };
  };
  return { desired, grant: grantedReason, judge };
}

/** R22: where a template applies, the free licenses that came by themselves and aren't granted go. */
function newUserPolicy({ desired, provenance }: ReactionInput): Policy {
  const reason = ungrantedReason('came by itself, and no template grants it', 'R22', desired);
  const judge = (target: ChangeTarget): Verdict => {
    const cameByItself = provenance[targetKey(target)]?.kind === 'implicit';
    const mayGo = target.kind === 'license' && isRemovableFree(target.offer);
    return desired.templates.length > 0 && cameByItself && mayGo ? { take: reason } : preserved;
  };
  return { desired, grant: grantedReason, judge };
}

/**
 * R46: what a rollout withheld, as far as it is still right. What a template granted or didn't must
 * be so still; what a file or a person asked for is done as it was asked.
 */
function waitingPolicy({ desired, withheld, callingOffers }: ReactionInput): Policy {
  const additions = withheld.filter(({ operation }) => operation === 'add');
  const removals = withheld.filter(({ operation }) => operation === 'remove');
  const asked = new Map(additions.map((change) => [entryKey(entryOf(change)), change]));
  const granted = desired.entries.filter((entry) => asked.has(entryKey(entry)));
  const others = additions
    .filter(({ reason }) => reason.code !== 'granted' && reason.code !== 'required')
    .map(entryOf)
    .filter((entry) => !granted.some((one) => entryKey(one) === entryKey(entry)));
  const entries = [...granted, ...others].sort((a, b) => compare(entryKey(a), entryKey(b)));
  const judge = (target: ChangeTarget): Verdict => {
    const removal = removals.find((change) => targetKey(change.target) === targetKey(target));
    if (!removal || isStillGranted(desired, target, removal)) return preserved;
    return irreversible(target, callingOffers) ?? { take: removal.reason };
  };
  return {
    desired: { ...desired, entries },
    grant: (entry) =>
      granted.includes(entry)
        ? grantedReason(entry)
        : (asked.get(entryKey(entry))?.reason ?? grantedReason(entry)),
    judge,
  };
}

/** R29b: nothing automatic ever removes Webex Calling. */
function irreversible(target: ChangeTarget, callingOffers: CallingOffers): Verdict | null {
  if (target.kind !== 'license' || !isIrreversible(target.offer, callingOffers)) return null;
  const text = 'taking Calling is irreversible: it needs a rollout that acknowledges it';
  return { block: { code: 'irreversible', text, rule: 'R29b' } };
}

function isRemovableFree(offer: string): boolean {
  return (freeOffers as readonly string[]).includes(offer);
}

function isFreeTarget(target: ChangeTarget): boolean {
  if (target.kind !== 'license') return false;
  return isRemovableFree(target.offer) || target.offer === freeScreenShare;
}

function isStillGranted({ entries }: Desired, target: ChangeTarget, { reason }: Change): boolean {
  if (reason.code !== 'not-granted' && reason.code !== 'withdrawn') return false;
  const site = target.site;
  return entries.some((entry) =>
    target.kind === 'attendee'
      ? entry.kind === 'attendee' && entry.site === site
      : entry.kind === 'license' && entry.offer === target.offer && entry.site === site,
  );
}

function entryOf({ target, reason, attendeeToo }: Change): DesiredEntry {
  const offer = target.kind === 'license' ? target.offer : 'attendee';
  const { kind, site } = target;
  const { rule, templates } = reason;
  return {
    offer,
    site,
    kind,
    attendeeToo: attendeeToo ?? false,
    requiredBy: null,
    rule,
    templates,
  };
}

function entryKey({ kind, offer, site }: DesiredEntry): string {
  return kind === 'attendee' ? `attendee@${site ?? ''}` : `${offer}@${site ?? ''}`;
}
