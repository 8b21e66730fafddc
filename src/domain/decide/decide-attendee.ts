import type { DesiredEntry } from '../templates/compose-templates';
import { administers, attendeeKey, hasAttendeeFeature, isStaying, type Draft } from './deciding';
import { attendeeLoss } from './losses';
import { note } from '../model/note';
import { replacedReason } from '../templates/reasons';

/** Attendee on a site: a site URL, unless the user is host there (R34, R40a). */
export function decideAttendee(draft: Draft, entry: DesiredEntry): void {
  const { decision, held, attendeeSites } = draft;
  const site = entry.site ?? '';
  if (draft.settled.has(attendeeKey(site))) return;
  const hosts = held.filter((one) => one.site === site);
  const staying = hosts.filter((host) => isStaying(draft, host));
  const target = { kind: 'attendee', site } as const;
  if (staying.length > 0) {
    for (const host of staying) draft.settled.add(host.licenseId);
    const text = 'attendee is granted, but the host license stays';
    decision.kept.push(note('host-kept', text, 'R40a', target));
    // Host and attendee on one site never stand together.
    dropAttendeeBeside(draft, entry);
    return;
  }
  draft.settled.add(attendeeKey(site));
  if (attendeeSites.has(site)) {
    decision.kept.push(note('right-already', 'granted, and held already', 'R34', target));
    return;
  }
  if (!hasAttendeeFeature(draft, site)) {
    decision.removalsWait = true;
    const text = 'the attendee account feature is off on this site';
    decision.blocked.push(note('forbidden', text, 'R38', target));
    return;
  }
  if (administers(draft, site)) {
    decision.removalsWait = true;
    const text = 'administers this site, and must lose that role before being attendee there';
    decision.blocked.push(note('site-administrator', text, 'R39', target));
    return;
  }
  decision.wants.push({
    pool: null,
    offer: 'attendee',
    site,
    reason: draft.policy.grant(entry),
    replacement: false,
    ifNoUnit: 'wait',
    needsAllRemovals: hosts.length > 0,
    needs: [],
  });
}

/** R37: who can't be host at all, because the organization has no such license, is attendee. */
export function attendeeWithoutHost(draft: Draft, entry: DesiredEntry): void {
  const { policy, index } = draft;
  if (!entry.attendeeFallback) return;
  const canBeHost = policy.desired.entries.some(
    ({ kind, offer, site }) =>
      kind === 'license' && site === entry.site && index.poolOf(offer, site) !== undefined,
  );
  if (!canBeHost) decideAttendee(draft, entry);
}

/** R35, R40: a host who is still attendee on that site is host only. */
export function dropAttendeeBeside(draft: Draft, { site, templates }: DesiredEntry): void {
  if (site === null || !draft.attendeeSites.has(site)) return;
  if (draft.settled.has(attendeeKey(site))) return;
  draft.settled.add(attendeeKey(site));
  const reason = replacedReason(`host on ${site}, which is held`, 'R40', templates);
  draft.decision.losses.push(attendeeLoss(site, reason, { replacement: true }));
}
