import { countOutcomes, type RolloutRow } from '../../db/rollout/rollouts';
import { isFinal } from '../../domain/rollout/rollout-phase';
import { currentPace } from '../directory/current-pace';
import type { ApiDeps } from '../http/deps';
import { progressView, type ProgressView } from './progress-view';

/** How far a rollout is: from the database, and from its workflow if a worker answers. */
export async function readProgress(deps: ApiDeps, row: RolloutRow): Promise<ProgressView> {
  const live = isFinal(row.phase) ? null : await deps.jobs.progress(row.workflowId);
  const counts = await countOutcomes(deps.db, row.rolloutId);
  const { writesPerSecond } = await currentPace(deps, row.orgId);
  return progressView({ row, live, counts, writesPerSecond });
}
