import { isAmong } from '../model/was-refused';
import type { Change } from '../model/change';
import type { Holdings } from '../model/user';
import { compareHoldings } from './compare-holdings';

/** Before the first, second, third and each later try to put back what Webex refuses to (R95). */
const retryMinutes = [1, 15, 60, 240];

/** A read that still doesn't show it isn't late any more, if adding it again does no harm. */
const lateAfterMs = 5 * 60_000;

/** When a read first looks for what was put back. */
export const firstLookMs = 30_000;
const longestLookMs = 60 * 60_000;

/** How long to wait after a refused putting-back; `tries`: how often it was refused before. */
export function nextPutBackMs(tries: number): number {
  return (retryMinutes[Math.min(tries, retryMinutes.length - 1)] ?? 0) * 60_000;
}

export interface Restored {
  restored: readonly Change[];
  /** How long ago an answer said that it was done. */
  ageMs: number;
  /** How long a read may lag behind an answer (R80). */
  deadlineMs: number;
  /** How often it was put back before without a read that shows it. */
  tries: number;
}

/** What a read says about a putting-back; `owed`: what of it is owed again. */
export type RestoredVerdict =
  { kind: 'seen' } | { kind: 'owed'; owed: Change[] } | { kind: 'wait'; nextMs: number };

/**
 * A putting-back is believed only like other writes (R80, R99):
 *
 * | a read shows                         | then                                             |
 * |--------------------------------------|--------------------------------------------------|
 * | all of it                            | it is done                                       |
 * | not all of it, early                 | a later read                                     |
 * | not all of it, later                 | what is missing is owed again                    |
 * | nothing about attendee accounts      | they are put back once more: that answer decides |
 *
 * Later is after five minutes, and after the wait of each refusal if it was put back before: adding a
 * license that is there changes nothing. For Calling it is the deadline: the user may have got another
 * number since.
 */
export function judgeRestored(
  { restored, ageMs, deadlineMs, tries }: Restored,
  holdings: Holdings,
): RestoredVerdict {
  const { done, refused, silent } = compareHoldings(restored, holdings);
  if (refused.length > 0) {
    const lateMs = whenLate(refused, tries, deadlineMs);
    if (ageMs < lateMs) return { kind: 'wait', nextMs: nextLookMs(ageMs, lateMs) };
    return { kind: 'owed', owed: restored.filter((change) => !isAmong(done, change)) };
  }
  return silent.length > 0 && tries === 0 ? { kind: 'owed', owed: silent } : { kind: 'seen' };
}

function whenLate(missing: readonly Change[], tries: number, deadlineMs: number): number {
  if (missing.some(({ calling }) => calling !== undefined)) return deadlineMs;
  return tries === 0
    ? Math.min(lateAfterMs, deadlineMs / 2)
    : Math.min(nextPutBackMs(tries), deadlineMs);
}

/** Reads become rarer, and one comes right at the deadline. */
export function nextLookMs(ageMs: number, deadlineMs: number): number {
  const next = Math.min(longestLookMs, Math.max(firstLookMs, ageMs));
  return Math.max(0, Math.min(next, deadlineMs - ageMs));
}
