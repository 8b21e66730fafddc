import { conflictOf } from './calling-conflicts';
import type { Desired, DesiredEntry } from './composition';
import type { Decision, Loss, Want } from './decision';
import { holdingsIn, isImplicit, type HeldLicense, type LicenseIndex } from './license-index';
import { attendeeLoss, licenseLoss, licenseTarget, note, protectNeeded } from './losses';
import type { CallingOffers, Holdings, Note } from './model';
import {
  areExclusive,
  contactCenterPremium,
  contactCenterStandard,
  offerLabel,
  prerequisitesOf,
} from './offers';
import { sortLosses } from './losses';
import { grantedReason, replacedReason, ungrantedReason } from './reasons';

export interface DecideInput {
  desired: Desired;
  holdings: Holdings;
  index: LicenseIndex;
  /** R19: on, nothing is taken but for replacements (R19b); off, what isn't desired goes (R13a). */
  preserve: boolean;
  callingOffers: CallingOffers;
}

/** What deciding gathers, one desired entry after the other. */
interface Draft extends DecideInput {
  held: HeldLicense[];
  attendeeSites: ReadonlySet<string>;
  /** Held licenses and attendee sites that have been dealt with. */
  settled: Set<string>;
  decision: Decision;
}

/** The difference between what a user should hold and what they hold, before units are given out. */
export function decideUser(input: DecideInput): Decision {
  const draft: Draft = {
    ...input,
    held: holdingsIn(input.index, input.holdings.licenses),
    attendeeSites: new Set(input.holdings.attendeeSites ?? []),
    settled: new Set(),
    decision: { wants: [], losses: [], kept: [], blocked: [], isStuck: false },
  };
  for (const entry of input.desired.entries) {
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
  const { decision, index, held, preserve, callingOffers } = draft;
  const { offer, site } = entry;
  const target: Note['target'] = { kind: 'offer', offer, site };
  const [first, ...others] = held.filter((one) => one.offer === offer && one.site === site);
  if (first) {
    keep(draft, first, others);
    dropAttendeeBeside(draft, entry);
    return;
  }
  const premium = held.find((one) => one.offer === contactCenterPremium);
  if (offer === contactCenterStandard && premium && (preserve || premium.position === null)) {
    draft.settled.add(premium.licenseId);
    const text = 'Contact Center Premium is held: Standard adds nothing';
    decision.kept.push(note('preserved', text, 'R41', licenseTarget(premium)));
    return;
  }
  const conflict = conflictOf({ offer, desired: draft.desired, held, preserve, callingOffers });
  if (conflict !== null) {
    decision.isStuck = true;
    decision.blocked.push(note('forbidden', conflict, 'R60', target));
    return;
  }
  const pool = index.poolOf(offer, site);
  if (pool === undefined) {
    decision.isStuck = true;
    const text = `the organization has no license for ${offerLabel(offer)}${site === null ? '' : ` on ${site}`}`;
    decision.blocked.push(note('no-license', text, 'R46', target));
    return;
  }
  wantLicense(draft, entry, pool);
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
    reason: grantedReason(entry),
    replacement: isAttendee || standard.length > 0,
    withoutUnit: withoutUnit(entry.attendeeToo && !isHostOtherwise, isAttendee),
    onlyWithLosses: false,
    needs: [],
  });
  if (isAttendee && !draft.settled.has(attendeeKey(site))) {
    draft.settled.add(attendeeKey(site));
    const reason = replacedReason(`host on ${site}`, 'R40', entry.templates);
    decision.losses.push(attendeeLoss(site, reason, { givesWayTo: want - 1 }));
  }
  for (const license of standard) {
    draft.settled.add(license.licenseId);
    const reason = replacedReason('Contact Center Premium', 'R19b', entry.templates);
    decision.losses.push(licenseLoss(license, reason, { givesWayTo: want - 1 }));
  }
}

function withoutUnit(isAttendeeToo: boolean, isAttendee: boolean): Want['withoutUnit'] {
  if (!isAttendeeToo) return 'wait';
  return isAttendee ? 'stay-attendee' : 'become-attendee';
}

/** R45: who holds the offer keeps it; from two subscriptions, preserve decides about the younger. */
function keep(draft: Draft, first: HeldLicense, others: readonly HeldLicense[]): void {
  const { decision, preserve, desired } = draft;
  draft.settled.add(first.licenseId);
  if (first.position === null) decision.kept.push(unlisted(first));
  else {
    const text = 'granted, and held already';
    decision.kept.push(note('right-already', text, 'R45', licenseTarget(first)));
  }
  for (const other of others) {
    draft.settled.add(other.licenseId);
    if (other.position === null) decision.kept.push(unlisted(other));
    else if (preserve) {
      const text = 'held from a second subscription; preserve is on';
      decision.kept.push(note('held-twice', text, 'R45', licenseTarget(other)));
    } else {
      const reason = ungrantedReason('held from an older subscription too', 'R45', desired);
      decision.losses.push(licenseLoss(other, reason, {}));
    }
  }
}

/** R35, R40: a host who is still attendee on that site is host only. */
function dropAttendeeBeside(draft: Draft, { site, templates }: DesiredEntry): void {
  if (site === null || !draft.attendeeSites.has(site)) return;
  if (draft.settled.has(attendeeKey(site))) return;
  draft.settled.add(attendeeKey(site));
  const reason = replacedReason(`host on ${site}, which is held`, 'R40', templates);
  draft.decision.losses.push(attendeeLoss(site, reason, { replacement: true }));
}

function decideAttendee(draft: Draft, entry: DesiredEntry): void {
  const { decision, held, preserve, attendeeSites } = draft;
  const site = entry.site ?? '';
  const hosts = held.filter((one) => one.site === site);
  const isFixed = hosts.some(({ position }) => position === null);
  const target = { kind: 'attendee', site } as const;
  draft.settled.add(attendeeKey(site));
  if (hosts.length > 0 && (preserve || isFixed)) {
    const why = preserve ? 'preserve is on' : "the host license isn't listed and is never touched";
    for (const host of hosts) draft.settled.add(host.licenseId);
    decision.kept.push(note('host-kept', `attendee is granted, but host: ${why}`, 'R40a', target));
    // Host and attendee on one site never stand together.
    dropAttendeeBesideKept(draft, entry, site);
    return;
  }
  if (attendeeSites.has(site)) {
    decision.kept.push(note('right-already', 'granted, and held already', 'R34', target));
    return;
  }
  decision.wants.push({
    pool: null,
    offer: 'attendee',
    site,
    reason: grantedReason(entry),
    replacement: false,
    withoutUnit: 'wait',
    onlyWithLosses: hosts.length > 0,
    needs: [],
  });
}

function dropAttendeeBesideKept(draft: Draft, { templates }: DesiredEntry, site: string): void {
  if (!draft.attendeeSites.has(site)) return;
  const reason = replacedReason(`host on ${site}, which stays`, 'R40', templates);
  draft.decision.losses.push(attendeeLoss(site, reason, { replacement: true }));
}

/** Everything that no entry spoke of: kept under preserve, taken otherwise (R13a, R19, R57). */
function decideRest(draft: Draft): void {
  const { decision, preserve, desired } = draft;
  for (const license of draft.held) {
    if (draft.settled.has(license.licenseId)) continue;
    const target = licenseTarget(license);
    if (license.position === null) decision.kept.push(unlisted(license));
    else if (isImplicit(license.offer)) {
      decision.kept.push(note('implicit', 'comes with every user', 'R57', target));
    } else if (preserve) {
      decision.kept.push(note('preserved', 'not granted; preserve is on', 'R19', target));
    } else {
      const reason = ungrantedReason('not granted, and preserve is off', 'R19', desired);
      decision.losses.push(licenseLoss(license, reason, { callingOffers: draft.callingOffers }));
    }
  }
  for (const site of [...draft.attendeeSites].sort()) {
    if (draft.settled.has(attendeeKey(site))) continue;
    const target = { kind: 'attendee', site } as const;
    if (preserve) {
      decision.kept.push(note('preserved', 'not granted; preserve is on', 'R19', target));
    } else {
      const reason = ungrantedReason('not granted, and preserve is off', 'R19', desired);
      decision.losses.push(attendeeLoss(site, reason, {}));
    }
  }
}

/** What excludes a loss is only had together with it; replacements see to that by themselves. */
function coupleExclusive({ decision, callingOffers }: Draft): void {
  for (const want of decision.wants) {
    want.onlyWithLosses ||= decision.losses.some(
      ({ givesWayTo, target }) =>
        givesWayTo === null &&
        target.kind === 'license' &&
        areExclusive(want.offer, target.offer, callingOffers),
    );
  }
}

/** A want whose prerequisite can't be had at all is blocked; one whose prerequisite waits, waits. */
function linkNeeds(draft: Draft): void {
  const { decision, held, callingOffers } = draft;
  for (let isSettled = false; !isSettled;) {
    isSettled = true;
    for (const want of decision.wants) {
      const missing = prerequisitesOf(want.offer, callingOffers).find(
        (offer) => !held.some((one) => one.offer === offer) && !wants(decision, offer),
      );
      if (missing === undefined) continue;
      decision.isStuck = true;
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
    .filter(({ givesWayTo }) => givesWayTo !== at)
    .map((loss): Loss => {
      const { givesWayTo } = loss;
      return givesWayTo !== null && givesWayTo > at
        ? { ...loss, givesWayTo: givesWayTo - 1 }
        : loss;
    });
}

function unlisted(license: HeldLicense): Note {
  const text = "the organization doesn't list this license: never touched";
  return note('unlisted', text, 'R45', licenseTarget(license));
}

function attendeeKey(site: string): string {
  return `attendee:${site}`;
}
