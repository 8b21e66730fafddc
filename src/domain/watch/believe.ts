/** A drop by so many entries, or fewer, is plausible in a list of any length. */
export const plausibleDrop = 5;

/** The share of people, groups, licenses or holders that may be missing at once, in percent. */
export const plausibleDropPercent = 10;

/** A complete list, compared as a set with the one that was accepted last. */
export interface ListRead {
  /** Entries accepted so far, including those that are missing now. */
  before: number;
  /** Entries that the read shows. */
  now: number;
  /** Of `before`, entries that two reads in a row didn't show (R89). */
  missing: number;
  /** Of `missing`, entries that at least two checks found missing. */
  missingTwice: number;
}

/** What else speaks for or against a list. */
export interface ListEvidence {
  /** So many missing entries were accepted by a person; null: nobody accepted any. */
  acceptedMissing: number | null;
  /** The list's own size says 0, or every entry was asked for by id and not found; other lists read fine. */
  saysEmpty: boolean;
  /** Nobody has to be on this list: an empty one is judged like any other. */
  emptyIsADrop?: boolean;
  /**
   * How many entries another source says there are: units that licenses say are consumed, or the total of
   * SCIM; now, and when the list was accepted last. Null: there is no such source, or it is silent.
   */
  otherSource: { now: number | null; before: number | null } | null;
}

/** Why a list isn't believed. `incomplete`: the read itself couldn't prove that it is whole (R87). */
export type Refusal = 'incomplete' | 'empty' | 'drop' | 'other-source';

/**
 * What of the missing entries may be taken as gone. `twice`: only those that two checks confirmed; the
 * list as a whole is refused.
 */
export interface Belief {
  takes: 'all' | 'twice' | 'none';
  /** Null: the list is believed. */
  refusal: Refusal | null;
}

const believed: Belief = { takes: 'all', refusal: null };

/**
 * Whether a complete list is plausible (R88). `maxDropPercent` 100 believes every drop.
 *
 * | the read shows | missing since the accepted list | what speaks for it | believed |
 * |---|---|---|---|
 * | anything | nothing | | yes |
 * | nothing | 5 or fewer | two checks, and the list says that it is empty | yes |
 * | nothing | any number | a person accepts it | yes |
 * | something | 5 or fewer, or at most the percentage | the other source agrees | yes |
 * | something | more | two checks of the same entries, or a person accepts it | yes |
 * | otherwise | | | no |
 */
export function believe(list: ListRead, evidence: ListEvidence, maxDropPercent: number): Belief {
  const { before, now, missing, missingTwice } = list;
  if (missing === 0 || maxDropPercent >= 100) return believed;
  if (isAccepted(missing, evidence)) return believed;
  if (now === 0 && !evidence.emptyIsADrop) {
    const isSmall = before <= plausibleDrop;
    return isSmall && evidence.saysEmpty && missingTwice === missing
      ? believed
      : { takes: 'none', refusal: 'empty' };
  }
  const fresh = missing - missingTwice;
  if (isImplausible(fresh, before, maxDropPercent)) return { takes: 'twice', refusal: 'drop' };
  return fresh > 0 && contradicts(list, evidence)
    ? { takes: 'twice', refusal: 'other-source' }
    : believed;
}

/** A drop of more than 5 and of more than the percentage. */
export function isImplausible(lost: number, of: number, maxDropPercent: number): boolean {
  return lost > plausibleDrop && lost * 100 > of * maxDropPercent;
}

/** What was accepted may have become a little more since. */
function isAccepted(missing: number, { acceptedMissing }: ListEvidence): boolean {
  return acceptedMissing !== null && missing <= acceptedMissing + plausibleDrop;
}

/** The other source shows many more entries than the list, and didn't when the list was accepted. */
function contradicts({ before, now }: ListRead, { otherSource }: ListEvidence): boolean {
  const { now: saysNow, before: saidBefore } = otherSource ?? { now: null, before: null };
  if (saysNow === null) return false;
  const known = saidBefore === null ? 0 : Math.max(0, saidBefore - before);
  return isImplausible(saysNow - now - known, saysNow, plausibleDropPercent);
}
