import { findConflict } from './find-conflict';
import type { DesiredEntry } from '../templates/compose-templates';
import { attendeeWithoutHost, decideAttendee, dropAttendeeBeside } from './decide-attendee';
import type { Decision, Want } from './decision';
import {
  administers,
  attendeeKey,
  hasAttendeeFeature,
  isStaying,
  unlisted,
  type DecideInput,
  type Draft,
} from './deciding';
import { type HeldLicense, holdingsIn, licenseTarget } from '../licenses/license-index';
import {
  basicSpaceMeetings,
  contactCenterPremium,
  contactCenterStandard,
  isImplicit,
  isIrreversible,
  needsCallingProperties,
  offerLabel,
} from '../licenses/offers';
import { coupleExclusive, linkNeeds } from './link-wants';
import { attendeeLoss, licenseLoss, protectNeeded, sortLosses } from './losses';
import { note, type Note } from '../model/note';
import type { Reason } from '../model/change';
import type { Treatment } from './policy';
import { replacedReason, ungrantedReason } from '../templates/reasons';

/** The difference between what a user should hold and what they hold, before units are given out. */
export function decideUser(input: DecideInput): Decision {
  const draft: Draft = {
    ...input,
    held: holdingsIn(input.index, input.holdings.licenses),
    attendeeSites: new Set(input.holdings.attendeeSites ?? []),
    settled: new Set(),
    decision: { wants: [], losses: [], kept: [], blocked: [], removalsWait: false },
  };
  for (const entry of input.policy.desired.entries) {
    if (entry.kind === 'attendee') decideAttendee(draft, entry);
    else decideLicense(draft, entry);
  }
  decideRest(draft);
  const { decision } = draft;
  decision.losses = protectNeeded(decision, draft.held, input.callingOffers);
  coupleExclusive(draft);
  linkNeeds(draft);
  decision.losses = sortLosses(decision.losses, input.callingOffers);
  return decision;
}

function decideLicense(draft: Draft, entry: DesiredEntry): void {
  const { decision, index, held } = draft;
  const { offer, site } = entry;
  const target: Note['target'] = { kind: 'offer', offer, site };
  const [first, ...others] = held.filter((one) => one.offer === offer && one.site === site);
  if (first) {
    keep(draft, first, others);
    dropAttendeeBeside(draft, entry);
    return;
  }
  const premium = held.find((one) => one.offer === contactCenterPremium);
  if (offer === contactCenterStandard && premium && isStaying(draft, premium)) {
    draft.settled.add(premium.licenseId);
    const text = 'Contact Center Premium is held: Standard adds nothing';
    decision.kept.push(note('preserved', text, 'R41', licenseTarget(premium)));
    return;
  }
  const conflict = findConflict(draft, offer);
  if (conflict !== null) {
    decision.removalsWait = true;
    decision.blocked.push(note('forbidden', conflict, 'R60', target));
    return;
  }
  const pool = index.poolOf(offer, site);
  if (pool === undefined) {
    // FTM comes with messaging by itself (R56), also where the organization doesn't list it.
    if (offer === basicSpaceMeetings && entry.requiredBy !== null) return;
    decision.removalsWait = true;
    const text = `the organization has no license for ${offerLabel(offer)}${site === null ? '' : ` on ${site}`}`;
    decision.blocked.push(note('no-license', text, 'R46', target));
    attendeeWithoutHost(draft, entry);
    return;
  }
  if (isWithoutCalling(draft, offer, target)) return;
  wantLicense(draft, entry, pool);
}

/** R64: who can't be given Calling gets everything else; the cause is told apart (R69). */
function isWithoutCalling(draft: Draft, offer: string, target: Note['target']): boolean {
  const { calling, decision, callingOffers } = draft;
  if (!calling || calling.can || !needsCallingProperties(offer, callingOffers)) return false;
  decision.blocked.push(note(calling.cause, calling.text, 'R64', target));
  // Whoever has another kind of Calling would lose it for good, and end with none.
  decision.removalsWait ||= draft.held.some((one) => isIrreversible(one.offer, callingOffers));
  return true;
}

function wantLicense(draft: Draft, entry: DesiredEntry, pool: number): void {
  const { decision, held, attendeeSites } = draft;
  const { offer, site } = entry;
  const isAttendee = site !== null && attendeeSites.has(site);
  const isHostOtherwise = site !== null && held.some((one) => one.site === site);
  const standard =
    offer === contactCenterPremium
      ? held.filter((one) => one.offer === contactCenterStandard && one.position !== null)
      : [];
  const want = decision.wants.push({
    pool,
    offer,
    site,
    reason: draft.policy.grant(entry),
    replacement: isAttendee || standard.length > 0,
    ifNoUnit: ifNoUnit(
      entry.attendeeFallback && !isHostOtherwise && canBeAttendee(draft, site),
      isAttendee,
    ),
    needsAllRemovals: false,
    needs: [],
  });
  if (isAttendee && !draft.settled.has(attendeeKey(site))) {
    draft.settled.add(attendeeKey(site));
    const reason = replacedReason(`host on ${site}`, 'R40', entry.templates);
    decision.losses.push(attendeeLoss(site, reason, { replacedByWant: want - 1 }));
  }
  for (const license of standard) {
    draft.settled.add(license.licenseId);
    const reason = replacedReason('Contact Center Premium', 'R19b', entry.templates);
    decision.losses.push(licenseLoss(license, reason, { replacedByWant: want - 1 }));
  }
}

/** R36, R38, R39; whoever is attendee already stays that. */
function canBeAttendee(draft: Draft, site: string | null): boolean {
  if (site === null || administers(draft, site)) return false;
  return draft.attendeeSites.has(site) || hasAttendeeFeature(draft, site);
}

function ifNoUnit(isAttendeeToo: boolean, isAttendee: boolean): Want['ifNoUnit'] {
  if (!isAttendeeToo) return 'wait';
  return isAttendee ? 'stay-attendee' : 'become-attendee';
}

/** R45: who holds the offer keeps it; from two subscriptions, the policy judges the younger. */
function keep(draft: Draft, first: HeldLicense, others: readonly HeldLicense[]): void {
  const { decision, callingOffers } = draft;
  const { desired } = draft.policy;
  draft.settled.add(first.licenseId);
  if (first.position === null) decision.kept.push(unlisted(first));
  else {
    const text = 'granted, and held already';
    decision.kept.push(note('right-already', text, 'R45', licenseTarget(first)));
  }
  for (const other of others) {
    draft.settled.add(other.licenseId);
    if (other.position === null) decision.kept.push(unlisted(other));
    else {
      const target = licenseTarget(other);
      const verdict = draft.policy.ifNotDesired(target);
      if ('take' in verdict) {
        const reason = ungrantedReason('held from an older subscription too', 'R45', desired);
        decision.losses.push(licenseLoss(other, reason, { callingOffers }));
      } else if ('block' in verdict) remark(draft, verdict, target);
      else {
        const text = 'held from a second subscription; preserve is on';
        decision.kept.push(note('held-twice', text, 'R45', target));
      }
    }
  }
}

/** Everything that no entry spoke of is as the policy says (R13a, R19), FSS as ever (R57). */
function decideRest(draft: Draft): void {
  const { decision, policy, callingOffers } = draft;
  for (const license of draft.held) {
    if (draft.settled.has(license.licenseId)) continue;
    const target = licenseTarget(license);
    if (license.position === null) decision.kept.push(unlisted(license));
    else if (isImplicit(license.offer)) {
      decision.kept.push(note('implicit', 'comes with every user', 'R57', target));
    } else {
      const verdict = policy.ifNotDesired(target);
      if ('take' in verdict) {
        decision.losses.push(licenseLoss(license, verdict.take, { callingOffers }));
      } else remark(draft, verdict, target);
    }
  }
  for (const site of [...draft.attendeeSites].sort()) {
    if (draft.settled.has(attendeeKey(site))) continue;
    const target = { kind: 'attendee', site } as const;
    const verdict = policy.ifNotDesired(target);
    if ('take' in verdict) decision.losses.push(attendeeLoss(site, verdict.take, {}));
    else remark(draft, verdict, target);
  }
}

function remark(
  { decision }: Draft,
  verdict: Exclude<Treatment, { take: Reason }>,
  target: Note['target'],
): void {
  const [list, said] =
    'keep' in verdict ? [decision.kept, verdict.keep] : [decision.blocked, verdict.block];
  list.push({ ...said, target });
}
