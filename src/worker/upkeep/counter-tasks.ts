import type { ActivityDeps } from '../../activities/index';
import { compareTally, takeRolloutToCompare } from '../../db/rollout/counters/compare-tally';
import { foldTally } from '../../db/rollout/counters/fold-tally';
import type { WorkerMetrics } from '../metrics';
import type { UpkeepTask } from './upkeep';

type Deps = Pick<ActivityDeps, 'db' | 'orgId' | 'logger'>;

/** The counters of rollouts: what has changed is added to the sums, and once a day both are proved. */
export function counterTasks(deps: Deps, metrics: WorkerMetrics): UpkeepTask[] {
  const { db, orgId } = deps;
  return [
    {
      name: 'add to the counters of rollouts',
      everyMs: 1_000,
      run: async () => {
        await foldTally(db, orgId);
      },
    },
    {
      name: 'compare the counters of rollouts with their rows',
      everyMs: 60_000,
      run: () => compareOne(deps, metrics),
    },
  ];
}

/** One rollout per turn: comparing reads all its rows. */
async function compareOne({ db, orgId, logger }: Deps, metrics: WorkerMetrics): Promise<void> {
  const rolloutId = await takeRolloutToCompare(db, orgId);
  if (rolloutId === null) return;
  const { differences } = await compareTally(db, orgId, rolloutId);
  metrics.onCountersCompared({ isRepaired: differences.length > 0 });
  if (differences.length > 0) {
    logger.error({ rolloutId, differences }, 'counters differed from the rows and were repaired');
  }
}
