import type { Pilot, SampleSize, WaveSpec } from '../../request/rollout-request';

/** One wave, or the pilot, as a number of places in the order of service. */
export interface WaveCut {
  /** 0 is the pilot. */
  wave: number;
  users: number;
  soakSeconds: number;
}

export interface CutWavesInput {
  /** Users whom the plan changes. */
  changed: number;
  /** Those of them who are named for the pilot; they stand first in the order of service. */
  named: number;
  /** Null: the pilot is waived. */
  pilot: Pilot | null;
  waves: readonly WaveSpec[];
}

/**
 * Cuts the order of service into pilot and waves (R79). Percents are of all whom the plan changes
 * and round up; the last wave takes everybody who is left; empty waves are left out.
 */
export function cutWaves({ changed, named, pilot, waves }: CutWavesInput): WaveCut[] {
  const cuts: WaveCut[] = [];
  let left = changed;
  const take = (users: number, soakSeconds: number, isPilot: boolean) => {
    const taken = Math.min(left, users);
    if (taken === 0) return;
    left -= taken;
    // Waves count from 1, with or without a pilot, which is 0.
    const last = cuts.at(-1)?.wave ?? 0;
    cuts.push({ wave: isPilot ? 0 : last + 1, users: taken, soakSeconds });
  };
  if (pilot !== null) {
    const sample = pilot.sample === null ? 0 : sizeOf(pilot.sample, changed);
    take(named + Math.min(sample, changed - named), 0, true);
  }
  for (const [i, { size, soakSeconds }] of waves.entries()) {
    take(i === waves.length - 1 ? left : sizeOf(size, changed), soakSeconds, false);
  }
  take(left, 0, false);
  return cuts;
}

/** How many users a size is, of so many; never more than there are. */
export function sizeOf(size: SampleSize, changed: number): number {
  if ('count' in size) return Math.min(size.count, changed);
  // 10 % of 70 must not become 8 because of binary fractions.
  const share = Math.ceil(Number(((changed * size.percent) / 100).toFixed(6)));
  return Math.min(Math.max(share, size.atLeast ?? 0), changed);
}
