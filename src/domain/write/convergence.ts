import type { Change } from '../model/change';
import type { Holdings } from '../model/user';
import type { VerificationSchedule } from '../model/settings';
import { compareHoldings } from './compare-holdings';

/**
 * `converged`: everything asked for is seen. `pending`: a read still shows the old state, which is
 * normal for up to a day (R80). `needs-repeat-write`: all licenses are seen and only an attendee
 * account is left, which this read doesn't show: the answer of one repeated write decides; or reads have
 * long shown what the write took and not what it gave, so that its answer was wrong (R95).
 */
export type Convergence = 'converged' | 'pending' | 'needs-repeat-write';

export interface ConvergenceInput {
  changes: readonly Change[];
  /** What the latest read shows. */
  observed: Holdings;
  /** The answer of the repeated write; null where none was made. */
  answered: Holdings | null;
  /** The write was long enough ago that a read which shows only what it took isn't late (R80). */
  isLate?: boolean;
}

/** Judges each change separately, not the whole set: changes by others don't count. */
export function judgeConvergence(input: ConvergenceInput): Convergence {
  const { changes, observed, answered, isLate = false } = input;
  const isHalf = isLate && answered === null && showsHalf(changes, observed);
  return isHalf ? 'needs-repeat-write' : judgeEach(changes, observed, answered);
}

function judgeEach(
  changes: readonly Change[],
  observed: Holdings,
  answered: Holdings | null,
): Convergence {
  let isUnseen = false;
  for (const { operation, target } of changes) {
    if (target.kind === 'license') {
      if (observed.licenses.includes(target.licenseId) !== (operation === 'add')) return 'pending';
      continue;
    }
    const sites = observed.attendeeSites ?? answered?.attendeeSites ?? null;
    if (sites === null) isUnseen = true;
    else if (sites.includes(target.site) !== (operation === 'add')) return 'pending';
  }
  return isUnseen ? 'needs-repeat-write' : 'converged';
}

/**
 * Whether all removals are seen, and an addition isn't. Repeating an addition changes nothing where it was
 * made. One of Calling is left to a person: it may have been given another number since.
 */
function showsHalf(changes: readonly Change[], observed: Holdings): boolean {
  const { done, refused } = compareHoldings(changes, observed);
  return (
    done.some(({ operation }) => operation === 'remove') &&
    refused.every(({ operation, calling }) => operation === 'add' && calling === undefined) &&
    refused.some(({ target }) => target.kind === 'license')
  );
}

/** Milliseconds before the next sweep; the last interval of the schedule repeats. */
export function nextSweepDelayMs(schedule: VerificationSchedule, sweepsDone: number): number {
  const { intervalsSeconds } = schedule;
  const seconds = intervalsSeconds[sweepsDone] ?? intervalsSeconds.at(-1) ?? 1_800;
  return seconds * 1_000;
}

/** When users whose change isn't seen become `unconverged` (R80), in epoch milliseconds. */
export function verificationDeadlineMs(
  schedule: VerificationSchedule,
  lastWriteAtMs: number,
): number {
  return lastWriteAtMs + schedule.deadlineSeconds * 1_000;
}
