import { isImplausible, plausibleDropPercent } from '../watch/believe';
import type { Outcome, OutcomeCounts } from '../model/outcome';

/**
 * Whether something went wrong for a user (R94). The failure guard, the automatic gate and the report
 * all ask here.
 */
export type Verdict =
  /** The user should have been changed and wasn't, or only in part, or nobody has seen it. */
  | 'failure'
  /** Written and seen, or rightly not written. */
  | 'harmless'
  /** Not decided yet: to be written, or written and not seen yet. */
  | 'open';

/**
 * | outcome            | verdict  | why                                                               |
 * |--------------------|----------|-------------------------------------------------------------------|
 * | `failed`           | failure  | also "not permitted" and "locked" after their retries             |
 * | `partial`          | failure  | something of the call was refused                                 |
 * | `unconverged`      | failure  | no read showed it before the deadline                             |
 * | `superseded`       | harmless | another rollout has changed the same since, and is verified       |
 * | `gone`             | harmless | only a read can say that a user is gone: see `afterNotFound`      |
 * | `conflict`         | harmless | somebody changed the user since the plan                          |
 * | `blocked`          | harmless | a rule that the plan named                                        |
 * | `waiting-for-seat`, `host-pending` | harmless | a unit is missing, as the report says             |
 */
const verdicts: Readonly<Record<Outcome, Verdict>> = {
  planned: 'open',
  applied: 'open',
  unchanged: 'harmless',
  converged: 'harmless',
  'waiting-for-seat': 'harmless',
  'host-pending': 'harmless',
  blocked: 'harmless',
  conflict: 'harmless',
  gone: 'harmless',
  withheld: 'harmless',
  excluded: 'harmless',
  superseded: 'harmless',
  failed: 'failure',
  partial: 'failure',
  unconverged: 'failure',
};

export function whatWentWrong(outcome: Outcome): Verdict {
  return verdicts[outcome];
}

export function isFailure(outcome: Outcome): boolean {
  return verdicts[outcome] === 'failure';
}

export function isHarmless(outcome: Outcome): boolean {
  return verdicts[outcome] === 'harmless';
}

/** The outcomes that count as failures, for statements that count rows. */
export const failureOutcomes = (Object.keys(verdicts) as Outcome[]).filter(isFailure);

/** Users for whom something went wrong. */
export function failuresIn(counts: OutcomeCounts): number {
  return failureOutcomes.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
}

/** What a read by id said about a user for whom a write was answered with "not found". */
export type ReadAfterNotFound = 'shown' | 'not-found' | 'unanswered';

/**
 * The outcome of a write that Webex answered with "not found". Only a read proves that a user is gone:
 * one that shows them makes the answer a failure, and one that says nothing about them proves nothing.
 * The read before the wave has shown them all, so where too many are gone since, the reads are in doubt
 * (R88): it is a failure too.
 */
export function afterNotFound(
  read: ReadAfterNotFound,
  wave: GoneInWave,
): Extract<Outcome, 'gone' | 'failed'> {
  return read === 'not-found' && !areTooManyGone(wave) ? 'gone' : 'failed';
}

/** Users of a wave, and how many of them were gone when they were to be written, this one included. */
export interface GoneInWave {
  gone: number;
  of: number;
}

export function areTooManyGone({ gone, of }: GoneInWave): boolean {
  return isImplausible(gone, of, plausibleDropPercent);
}
