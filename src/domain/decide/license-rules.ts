import { type HeldLicense, licenseTarget, longestLastingFirst } from '../licenses/license-index';
import {
  basicSpaceMeetings,
  contactCenterPremium,
  contactCenterStandard,
  isIrreversible,
  needsCallingProperties,
  offerLabel,
} from '../licenses/offers';
import { note, type Note } from '../model/note';
import { attendeeKey } from '../model/target-key';
import { replacedReason, ungrantedReason } from '../templates/reasons';
import { attendeeWithoutHost, endAttendeeBesideHost } from './attendee-rules';
import type { LicenseWant } from './decision';
import { findConflict } from './find-conflict';
import type { Finding } from './finding';
import { toFinding, unlisted } from './judge-remaining';
import { attendeeLoss, licenseLoss } from './losses';
import type { Case } from './rule';
import { canBeAttendee, hostLicensesOn, isAttendeeOn, isStaying, type UserCase } from './user-case';

/** R45: a user who holds the offer keeps it; the policy judges further copies. */
export function heldAlready(one: Case): Finding[] | null {
  const { user, entry } = one;
  const copies = user.held.filter(
    ({ offer, site }) => offer === entry.offer && site === entry.site,
  );
  const [first, ...others] = longestLastingFirst(user.index, copies);
  if (!first) return null;
  const text = 'granted and already assigned';
  const kept =
    first.position === null
      ? unlisted(first)
      : { keep: note('right-already', text, 'R45', licenseTarget(first)) };
  return [kept, ...others.map((other) => secondCopy(user, other)), ...endAttendeeBesideHost(one)];
}

function secondCopy({ policy, callingOffers }: UserCase, license: HeldLicense): Finding {
  if (license.position === null) return unlisted(license);
  const target = licenseTarget(license);
  const treatment = policy.ifNotDesired(target);
  if ('take' in treatment) {
    const text = 'also held from a subscription that lasts longer or is older';
    const reason = ungrantedReason(text, 'R45', policy.desired);
    return { lose: licenseLoss(license, reason, callingOffers) };
  }
  if ('block' in treatment) return toFinding(treatment, target);
  const text = 'also held from another subscription; preserve is on';
  return { keep: note('held-twice', text, 'R45', target) };
}

/** R41: Standard adds nothing for a user who keeps Premium. */
export function standardBesidePremium({ user, entry }: Case): Finding[] | null {
  if (entry.offer !== contactCenterStandard) return null;
  const premium = user.held.find(({ offer }) => offer === contactCenterPremium);
  if (!premium || !isStaying(user, premium)) return null;
  const text = 'the user keeps Contact Center Premium, so Standard is not added';
  return [{ keep: note('preserved', text, 'R41', licenseTarget(premium)) }];
}

/** R60: what the user has or gets rules it out. */
export function excludedByAnother({ user, entry }: Case): Finding[] | null {
  const conflict = findConflict(user, entry.offer);
  if (conflict === null) return null;
  return [{ block: note('forbidden', conflict, 'R60', offerOf(entry)), removalsWait: true }];
}

/** R46, R56: the organization has no license of this offer on this site. */
export function notSold(one: Case): Finding[] | null {
  const { user, entry } = one;
  const { offer, site, requiredBy } = entry;
  if (user.index.poolOf(offer, site) !== undefined) return null;
  // Webex adds Basic Space Meetings with messaging, whether or not the organization lists it (R56).
  if (offer === basicSpaceMeetings && requiredBy !== null) return [];
  const where = site === null ? '' : ` on ${site}`;
  const text = `the organization has no license for ${offerLabel(offer)}${where}`;
  const block = note('no-license', text, 'R46', offerOf(entry));
  return [{ block, removalsWait: true }, ...attendeeWithoutHost(one)];
}

/** R64: without a usable number the user gets everything else; the cause is told apart (R69). */
export function cannotHaveCalling({ user, entry }: Case): Finding[] | null {
  const { calling, callingOffers, held } = user;
  if (!calling || calling.can || !needsCallingProperties(entry.offer, callingOffers)) return null;
  // A user with another kind of Calling would lose that permanently and end with none.
  const removalsWait = held.some(({ offer }) => isIrreversible(offer, callingOffers));
  return [{ block: note(calling.cause, calling.text, 'R64', offerOf(entry)), removalsWait }];
}

/** R11: the license is added; it replaces attendee on its site (R40), and Premium replaces Standard. */
export function grant({ user, entry, handled }: Case): Finding[] | null {
  const { offer, site, templates } = entry;
  const poolIndex = user.index.poolOf(offer, site);
  if (poolIndex === undefined) return null;
  const isAttendee = site !== null && isAttendeeOn(user, site);
  const standard = offer === contactCenterPremium ? standardOf(user) : [];
  const attendee =
    isAttendee && !handled.has(attendeeKey(site))
      ? [attendeeLoss(site, replacedReason(`host on ${site}`, 'R40', templates))]
      : [];
  const reason = replacedReason('Contact Center Premium', 'R19b', templates);
  const losses = [
    ...attendee,
    ...standard.map((license) => licenseLoss(license, reason, user.callingOffers)),
  ];
  return [
    {
      want: {
        kind: 'license',
        poolIndex,
        offer,
        site,
        reason: user.policy.grant(entry),
        replacement: isAttendee || standard.length > 0,
        ifNoUnit: ifNoUnit(user, entry),
        needsAllRemovals: false,
        needs: [],
      },
      replaces: losses.map((loss) => ({ ...loss, replacement: true })),
    },
  ];
}

function standardOf({ held }: UserCase): HeldLicense[] {
  return held.filter(({ offer, position }) => offer === contactCenterStandard && position !== null);
}

/** R36: attendee until a unit is free, where attendee was granted as well and is possible. */
function ifNoUnit(
  user: UserCase,
  { site, attendeeFallback }: Case['entry'],
): LicenseWant['ifNoUnit'] {
  if (!attendeeFallback || site === null) return 'wait';
  if (hostLicensesOn(user, site).length > 0 || !canBeAttendee(user, site)) return 'wait';
  return isAttendeeOn(user, site) ? 'stay-attendee' : 'become-attendee';
}

function offerOf({ offer, site }: Case['entry']): Note['target'] {
  return { kind: 'offer', offer, site };
}
