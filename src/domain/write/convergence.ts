import type { Change } from '../model/change';
import type { Holdings } from '../model/user';
import type { VerificationSchedule } from '../model/settings';

/**
 * `converged`: everything asked for is seen. `pending`: a read still shows the old state, which is
 * normal for up to a day (R80). `needs-repeat-write`: all licenses are seen and only an attendee
 * account is left, which this read doesn't show: the answer of one repeated write decides.
 */
export type Convergence = 'converged' | 'pending' | 'needs-repeat-write';

export interface ConvergenceInput {
  changes: readonly Change[];
  /** What the latest read shows. */
  observed: Holdings;
  /** The answer of the repeated write; null where none was made. */
  answered: Holdings | null;
}

/** Judges each change separately, not the whole set: changes by others don't count. */
export function judgeConvergence({ changes, observed, answered }: ConvergenceInput): Convergence {
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
