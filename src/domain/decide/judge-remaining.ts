import { type HeldLicense, licenseTarget } from '../licenses/license-index';
import { isImplicit } from '../licenses/offers';
import type { Reason } from '../model/change';
import { note, type Note } from '../model/note';
import { attendeeKey } from '../model/target-key';
import type { Finding } from './finding';
import { attendeeLoss, licenseLoss } from './losses';
import type { Treatment } from './policy';
import type { UserCase } from './user-case';

/** Applies the policy to what no entry handled (R13a, R19). What can't be removed is kept. */
export function judgeRemaining(user: UserCase, handled: ReadonlySet<string>): Finding[] {
  const { policy, callingOffers } = user;
  const licenses = user.held.filter(({ licenseId }) => !handled.has(licenseId));
  const sites = [...user.attendeeSites].filter((site) => !handled.has(attendeeKey(site))).sort();
  return [
    ...licenses.map((license): Finding => {
      const untouchable = cannotBeRemoved(license);
      if (untouchable) return untouchable;
      const target = licenseTarget(license);
      const treatment = policy.ifNotDesired(target);
      return 'take' in treatment
        ? { lose: licenseLoss(license, treatment.take, callingOffers) }
        : toFinding(treatment, target);
    }),
    ...sites.map((site): Finding => {
      const target = { kind: 'attendee', site } as const;
      const treatment = policy.ifNotDesired(target);
      return 'take' in treatment
        ? { lose: attendeeLoss(site, treatment.take) }
        : toFinding(treatment, target);
    }),
  ];
}

/** What no plan removes: licenses that the organization doesn't list (R45), and FSS (R57). */
export function cannotBeRemoved(license: HeldLicense): Finding | null {
  if (license.position === null) return unlisted(license);
  if (!isImplicit(license.offer)) return null;
  const text = "every user has this license, and it can't be removed";
  return { keep: note('implicit', text, 'R57', licenseTarget(license)) };
}

/** Section I: held, but not listed by the organization. */
export function unlisted(license: HeldLicense): Finding {
  const text = "the organization doesn't list this license, so it is never changed";
  return { keep: note('unlisted', text, 'R45', licenseTarget(license)) };
}

/** What a policy keeps or blocks; what it blocks makes no other removal wait. */
export function toFinding(
  treatment: Exclude<Treatment, { take: Reason }>,
  target: Note['target'],
): Finding {
  return 'keep' in treatment
    ? { keep: { ...treatment.keep, target } }
    : { block: { ...treatment.block, target }, removalsWait: false };
}
