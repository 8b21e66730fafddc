import type { PlanSummary } from '../../domain/plan/plan-summary';

/** Seconds that a whole plan takes at a pace of write calls per second, soaks included. */
export function planSeconds(summary: PlanSummary, writesPerSecond: number): number {
  const writes = summary.waves.reduce((sum, wave) => sum + wave.users, 0) / writesPerSecond;
  const soaks = summary.waves.reduce((sum, wave) => sum + wave.soakSeconds, 0);
  return Math.ceil(writes + soaks);
}

/** Seconds of writing and soaking that are left; gates that wait for people are not in it. */
export function secondsLeft(state: {
  summary: PlanSummary;
  wave: number | null;
  unwritten: number;
  writesPerSecond: number;
  /** What is left of the soak time of the current wave; null: it doesn't soak yet. */
  soakSeconds?: number | null;
  /** How long no write may begin. */
  throttledSeconds?: number;
}): number {
  const { soakSeconds: left = null, throttledSeconds = 0 } = state;
  const soaks = state.summary.waves
    .filter(({ wave }) => state.wave === null || wave >= state.wave)
    .map(({ wave, soakSeconds }) => (wave === state.wave ? (left ?? soakSeconds) : soakSeconds))
    .reduce((sum, seconds) => sum + seconds, 0);
  return Math.ceil(state.unwritten / state.writesPerSecond + soaks + throttledSeconds);
}
