import type { StoredPace } from '../../db/write/pace';
import { recover } from '../../domain/rollout/pace';

export interface PaceView {
  writesPerSecond: number;
  configuredPerSecond: number;
  source: 'default' | 'set' | 'throttled';
  notBefore: string | null;
}

/** The pace that is in force at `now`, and where it comes from. */
export function paceView(
  stored: StoredPace | undefined,
  { defaultPerSecond, now }: { defaultPerSecond: number; now: Date },
): PaceView {
  if (!stored) {
    return {
      writesPerSecond: defaultPerSecond,
      configuredPerSecond: defaultPerSecond,
      source: 'default',
      notBefore: null,
    };
  }
  const state = recover(stored.state, now.getTime());
  const notBefore =
    stored.notBefore && stored.notBefore > now ? stored.notBefore.toISOString() : null;
  const isThrottled = state.currentPerSecond < state.configuredPerSecond || notBefore !== null;
  return {
    writesPerSecond: state.currentPerSecond,
    configuredPerSecond: state.configuredPerSecond,
    source: isThrottled ? 'throttled' : state.isSet ? 'set' : 'default',
    notBefore,
  };
}
