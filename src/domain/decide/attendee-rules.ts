import { note } from '../model/note';
import { attendeeKey } from '../model/target-key';
import { replacedReason } from '../templates/reasons';
import type { Finding } from './finding';
import { attendeeLoss } from './losses';
import { type Case, firstAnswer, type Rule } from './rule';
import {
  hasAttendeeFeature,
  hostLicensesOn,
  isAdministratorOf,
  isAttendeeOn,
  isStaying,
} from './user-case';

/** An attendee account that is granted, or that the user gets because they can't be host (R37). */
export interface AttendeeCase extends Case {
  site: string;
}

/**
 * A granted attendee account; the first line that applies:
 *
 *   an earlier entry dealt with it        nothing
 *   a host license on the site stays      keep the host license; end an attendee account    R40a R40
 *   attendee already                      keep                                              R34
 *   the site's attendee feature is off    block, removals wait                              R38
 *   the user administers the site         block, removals wait                              R39
 *   else                                  add; together with the removal of a host license  R34 R40a
 */
export const attendeeRules: readonly Rule<AttendeeCase>[] = [
  dealtWith,
  hostStays,
  attendeeAlready,
  featureIsOff,
  administersTheSite,
  grantAttendee,
];

export function attendeeFindings(one: Case): Finding[] {
  const { site, offer } = one.entry;
  if (site === null) throw new Error(`An attendee account of ${offer} without a site`);
  return firstAnswer(attendeeRules, { ...one, site });
}

/** R35, R40: a host who is still attendee on that site is host only. */
export function endAttendeeBesideHost({ user, entry, handled }: Case): Finding[] {
  const { site, templates } = entry;
  if (site === null || !isAttendeeOn(user, site) || handled.has(attendeeKey(site))) return [];
  const reason = replacedReason(`host on ${site}, which the user has`, 'R40', templates);
  return [{ lose: { ...attendeeLoss(site, reason), replacement: true } }];
}

/** R37: users who can't be host, because the organization has no such license, become attendee. */
export function attendeeWithoutHost(one: Case): Finding[] {
  const { user, entry } = one;
  if (!entry.attendeeFallback) return [];
  const canBeHost = user.policy.desired.entries.some(
    ({ kind, offer, site }) =>
      kind === 'license' && site === entry.site && user.index.poolOf(offer, site) !== undefined,
  );
  return canBeHost ? [] : attendeeFindings(one);
}

function dealtWith({ site, handled }: AttendeeCase): Finding[] | null {
  return handled.has(attendeeKey(site)) ? [] : null;
}

function hostStays(one: AttendeeCase): Finding[] | null {
  const { user, site } = one;
  const staying = hostLicensesOn(user, site).filter((host) => isStaying(user, host));
  if (staying.length === 0) return null;
  const text = 'attendee is granted, but the user keeps the host license';
  const kept = note('host-kept', text, 'R40a', { kind: 'attendee', site });
  const handles = staying.map(({ licenseId }) => licenseId);
  // Host and attendee on one site never exist together.
  return [{ keep: kept, handles }, ...endAttendeeBesideHost(one)];
}

function attendeeAlready({ user, site }: AttendeeCase): Finding[] | null {
  if (!isAttendeeOn(user, site)) return null;
  const text = 'granted and already assigned';
  return [{ keep: note('right-already', text, 'R34', { kind: 'attendee', site }) }];
}

function featureIsOff({ user, site }: AttendeeCase): Finding[] | null {
  if (hasAttendeeFeature(user, site)) return null;
  const text = 'the attendee account feature is turned off for this site';
  const block = note('forbidden', text, 'R38', { kind: 'attendee', site });
  return [{ block, removalsWait: true }];
}

function administersTheSite({ user, site }: AttendeeCase): Finding[] | null {
  if (!isAdministratorOf(user, site)) return null;
  const text = 'the user administers this site and must lose that role before becoming attendee';
  const block = note('site-administrator', text, 'R39', { kind: 'attendee', site });
  return [{ block, removalsWait: true }];
}

function grantAttendee({ user, entry, site }: AttendeeCase): Finding[] {
  return [
    {
      want: {
        kind: 'attendee',
        site,
        reason: user.policy.grant(entry),
        replacement: false,
        needsAllRemovals: hostLicensesOn(user, site).length > 0,
        needs: [],
      },
      replaces: [],
    },
  ];
}
