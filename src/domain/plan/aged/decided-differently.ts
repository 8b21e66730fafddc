import type { Decision, LicenseWant, Loss, Want } from '../../decide/decision';
import { isAttendeeMeanwhile } from '../../decide/attendee-meanwhile';
import { changePhrase } from '../../licenses/change-label';
import type { LicenseIndex } from '../../licenses/license-index';
import { at } from '../../model/at';
import type { Change, ChangeTarget } from '../../model/change';
import type { NoteCode } from '../../model/note';
import { grantableOf, grantKey, targetKey } from '../../model/target-key';
import type { PlannedUser } from '../planned-user';

/** What a stored row says that the plan decided. */
export type StoredDecision = Pick<PlannedUser, 'changes' | 'waiting' | 'blocked'>;

interface Line {
  key: string;
  phrase: string;
}

/**
 * How today's decision about a user differs from the one that is stored; null if it doesn't (R101).
 * Compared is what is added and removed, not who gets which unit: changes that wait for a unit are
 * decided as well, and an attendee account that stands in for them is no decision of its own.
 *
 *   stored              today                        differs
 *   add, remove         the same                     no
 *   add                 from another license         only if the stored one isn't sold any more
 *   add, remove         not decided                  yes
 *   –                   add, remove                  yes; not Calling whose number was refused (R64)
 *   remove              removals wait for a rule     yes
 *   remove waits        removals wait no more        no: less is removed than could be
 *   anything            out of scope                 yes
 */
export function decidedDifferently(
  stored: StoredDecision,
  today: Decision | null,
  index: LicenseIndex,
): string | null {
  const before = stored.changes.concat(stored.waiting).filter((one) => !isAttendeeMeanwhile(one));
  if (today === null) return sentence(before.map(lineOf), []);
  const now = [
    ...today.wants.filter((want) => !isRefusedCalling(want, stored)).map((want) => wanted(want)),
    ...today.losses.map(lost),
  ];
  const planned = before.map(lineOf);
  const gone = [...missing(planned, now), ...unsold(before, today, index)];
  const held = today.removalsWait ? stored.changes.filter(isPlainRemoval).map(lineOf) : [];
  return sentence([...gone, ...held.filter((line) => !gone.includes(line))], missing(now, planned));
}

function sentence(gone: readonly Line[], added: readonly Line[]): string | null {
  const parts = [
    ...gone.map(({ phrase }) => `no longer: ${phrase}`),
    ...added.map(({ phrase }) => `in addition: ${phrase}`),
  ];
  return parts.length === 0 ? null : [...new Set(parts)].join('; ');
}

function missing(from: readonly Line[], others: readonly Line[]): Line[] {
  const keys = new Set(others.map(({ key }) => key));
  return from.filter(({ key }) => !keys.has(key));
}

function lineOf({ operation, target }: Pick<Change, 'operation' | 'target'>): Line {
  const what = operation === 'add' ? grantKey(grantableOf(target)) : targetKey(target);
  return { key: `${operation} ${what}`, phrase: changePhrase({ operation, target }) };
}

function wanted(want: Want): Line {
  return lineOf({ operation: 'add', target: targetOf(want) });
}

function targetOf(want: Want): ChangeTarget {
  if (want.kind === 'attendee') return { kind: 'attendee', site: want.site };
  return { kind: 'license', licenseId: '', offer: want.offer, site: want.site };
}

function lost({ target }: Loss): Line {
  return lineOf({ operation: 'remove', target });
}

/** Additions from a license that the offer isn't sold under any more. */
function unsold(before: readonly Change[], today: Decision, index: LicenseIndex): Line[] {
  const licenses = today.wants.filter((want) => want.kind === 'license');
  return before.flatMap((change) => {
    const { operation, target } = change;
    if (operation !== 'add' || target.kind !== 'license') return [];
    const want = licenses.find((one) => grantKey(one) === grantKey(grantableOf(target)));
    return want && !isOf(want, target.licenseId, index) ? [lineOf(change)] : [];
  });
}

function isOf({ poolIndex }: LicenseWant, licenseId: string, index: LicenseIndex): boolean {
  return at(index.pools, poolIndex, 'pool').members.some(
    (position) => at(index.licenses, position, 'license').id === licenseId,
  );
}

function isPlainRemoval({ operation, replacement }: Change): boolean {
  return operation === 'remove' && !replacement;
}

const refusedNumbers: readonly NoteCode[] = ['no-number', 'bad-number'];

/** Webex refused the number at an earlier attempt: the row goes on without Calling (R64). */
function isRefusedCalling(want: Want, { blocked }: StoredDecision): boolean {
  return (
    want.kind === 'license' &&
    blocked.some(
      ({ code, target }) =>
        refusedNumbers.includes(code) && target.kind !== 'attendee' && target.offer === want.offer,
    )
  );
}
