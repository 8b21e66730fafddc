import { readPace } from '../../db/write/pace';
import type { ApiDeps } from '../http/deps';
import { paceView, type PaceView } from './pace-view';

/** The pace of an organization as it is now. */
export async function currentPace(deps: ApiDeps, orgId: string): Promise<PaceView> {
  const defaultPerSecond = deps.defaults.writesPerSecond;
  return paceView(await readPace(deps.db, orgId), { defaultPerSecond, now: new Date() });
}
