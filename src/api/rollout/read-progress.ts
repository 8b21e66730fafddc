import { readWaits } from '../../db/rollout/progress/wait-facts';
import { waitText } from '../../db/rollout/progress/wait-text';
import { countOutcomes, findWritingBeside, type RolloutRow } from '../../db/rollout/rollouts';
import { startObstacle } from '../../domain/rollout/start-obstacle';
import { isFinal } from '../../domain/rollout/rollout-phase';
import { currentPace } from '../directory/current-pace';
import type { ApiDeps } from '../http/deps';
import { whyNoWorker } from '../jobs/why-no-worker';
import { progressView, type ProgressView } from './progress-view';

/** How far a rollout is: from the database, and from its workflow if a worker answers. */
export async function readProgress(deps: ApiDeps, row: RolloutRow): Promise<ProgressView> {
  const live = isFinal(row.phase) ? null : await deps.jobs.progress(row.workflowId);
  const [counts, waits, writing, { writesPerSecond }] = await Promise.all([
    countOutcomes(deps.db, row.rolloutId),
    readWaits(deps.db, row),
    findWritingBeside(deps.db, row),
    currentPace(deps, row.orgId),
  ]);
  const noWorker = await whyNoWorker(deps, waits.noWorker);
  const waitingFor = waitText(row, { ...waits, noWorker }, startObstacle(row, writing));
  return progressView({ row, live, counts, writesPerSecond, waits, waitingFor });
}
