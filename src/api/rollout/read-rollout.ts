import type { OrganizationRow } from '../../db/directory/find-directory';
import { readRolloutState } from '../../db/rollout/rollout-state';
import type { RolloutRow } from '../../db/rollout/rollouts';
import { paceView } from '../directory/pace-view';
import type { ApiDeps } from '../http/deps';
import { rolloutView } from './rollout-view';
import { whyNoWorker } from '../jobs/why-no-worker';

/** A rollout as the API shows it. */
export async function readRollout(deps: ApiDeps, organization: OrganizationRow, row: RolloutRow) {
  const stored = await readRolloutState(deps.db, row);
  const noWorker = await whyNoWorker(deps, stored.waits.noWorker);
  const state = { ...stored, waits: { ...stored.waits, noWorker } };
  const defaultPerSecond = deps.defaults.writesPerSecond;
  const pace = paceView(state.pace, { defaultPerSecond, now: new Date() });
  return rolloutView(state, { organization, pace, temporal: temporalAddress(deps, row) });
}

function temporalAddress(deps: ApiDeps, { workflowId }: RolloutRow): string | null {
  if (!deps.temporalUiUrl) return null;
  const namespace = encodeURIComponent(deps.temporalNamespace ?? 'default');
  const id = encodeURIComponent(workflowId);
  return `${deps.temporalUiUrl.replace(/\/+$/, '')}/namespaces/${namespace}/workflows/${id}`;
}
