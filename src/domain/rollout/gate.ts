import type { Outcome, OutcomeCounts } from '../model/outcome';
import { failuresIn, isHarmless } from './what-went-wrong';

/** What is known about a wave once it was written and has soaked. */
export interface GateEvidence {
  /** 0 is the pilot. */
  wave: number;
  /** Users of the wave by outcome. */
  counts: OutcomeCounts;
  /** Of these: changes were written, and a read has shown all of them. */
  written: number;
  seen: number;
}

/**
 * Whether an automatic gate opens (R96): only on evidence that the wave worked.
 *
 * | of                    | it opens if                                                        |
 * |-----------------------|--------------------------------------------------------------------|
 * | the pilot             | at least half of its users were written and seen                   |
 * | a later wave          | somebody was written, or every outcome is harmless (R94)           |
 * | both                  | fewer users failed than `failurePercent` of those written          |
 *
 * Returns null to go on, or one line that says why a person must decide.
 */
export function gateObjection(
  { wave, counts, written, seen }: GateEvidence,
  failurePercent: number,
): string | null {
  const users = Object.values(counts).reduce((sum, n) => sum + n, 0);
  if (wave === 0 && seen * 2 < users) {
    return written === 0
      ? `0 of ${users} pilot users were written`
      : `${seen} of ${users} pilot users were written and seen`;
  }
  const failed = failuresIn(counts);
  if (failed > 0 && failedPercent(counts) >= failurePercent) {
    return `${failed} of ${users} users failed, were changed only in part or were not seen in time`;
  }
  const outcomes = Object.keys(counts) as Outcome[];
  return written > 0 || outcomes.every(isHarmless)
    ? null
    : `0 of ${users} users of wave ${wave} were written`;
}

function failedPercent(counts: OutcomeCounts): number {
  return (failuresIn(counts) / writtenIn(counts)) * 100;
}

function writtenIn(counts: OutcomeCounts): number {
  return (
    failuresIn(counts) + (counts.applied ?? 0) + (counts.converged ?? 0) + (counts.superseded ?? 0)
  );
}

/** How workflows of 0.1.0 judged a gate, over all users of the rollout. */
export function gateObjectionOfCounts(
  counts: OutcomeCounts,
  failurePercent: number,
): string | null {
  const bad = failuresIn(counts);
  const written = writtenIn(counts);
  if (bad === 0 || failedPercent(counts) < failurePercent) return null;
  return `${bad} of ${written} written users failed, were changed only in part or were not seen in time`;
}
