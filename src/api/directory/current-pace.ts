import { readPace } from '../../db/write/pace';
import { recover } from '../../domain/rollout/pace';
import type { ApiDeps } from '../http/deps';

export interface PaceView {
  writesPerSecond: number;
  configuredPerSecond: number;
  source: 'default' | 'set' | 'throttled';
  notBefore: string | null;
}

/** The pace in force and where it comes from. */
export async function currentPace(deps: ApiDeps, orgId: string, now: Date): Promise<PaceView> {
  const row = await readPace(deps.db, orgId);
  if (!row) {
    const rate = deps.defaults.writesPerSecond;
    return { writesPerSecond: rate, configuredPerSecond: rate, source: 'default', notBefore: null };
  }
  const state = recover(row.state, now.getTime());
  const notBefore = row.notBefore && row.notBefore > now ? row.notBefore.toISOString() : null;
  const isThrottled = state.currentPerSecond < state.configuredPerSecond || notBefore !== null;
  return {
    writesPerSecond: state.currentPerSecond,
    configuredPerSecond: state.configuredPerSecond,
    source: isThrottled ? 'throttled' : state.isSet ? 'set' : 'default',
    notBefore,
  };
}
