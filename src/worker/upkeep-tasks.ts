import type { Client } from '@temporalio/client';
import type { ActivityDeps } from '../activities';
import { recoverPace } from '../activities/write/pace';
import { purge } from '../db/admin/retention';
import { deliverActions } from './deliver-actions';
import { followEndedRollouts } from './follow-ended-rollouts';
import type { WorkerMetrics } from './metrics';
import { startMissingWorkflows } from './start-missing-workflows';
import type { UpkeepTask } from './upkeep';
import { createWatchSchedule } from './watch-schedule';

/** The repeated tasks of every worker. */
export function upkeepTasks(input: {
  deps: ActivityDeps;
  client: Client;
  metrics: WorkerMetrics;
  signal: AbortSignal;
  retentionDays: number | null;
  isWatching: boolean;
}): UpkeepTask[] {
  const { deps, client, metrics, signal, retentionDays, isWatching } = input;
  const { db, orgId, logger } = deps;
  const tasks: UpkeepTask[] = [
    {
      name: 'pace',
      everyMs: 1_000,
      run: async () => metrics.setPace(await recoverPace(deps, orgId)),
    },
    {
      name: 'start rollouts without a workflow',
      everyMs: 15_000,
      run: async () => {
        const started = await startMissingWorkflows(db, client);
        if (started > 0)
          logger.info({ started }, 'started the workflows of rollouts that had none');
      },
    },
    {
      name: 'verify ended rollouts',
      everyMs: 5_000,
      run: async () => {
        const started = await followEndedRollouts(db, client, orgId);
        if (started > 0) logger.info({ started }, 'verifies users of rollouts that have ended');
      },
    },
    {
      name: 'deliver accepted actions',
      everyMs: 2_000,
      run: async () => {
        await deliverActions(db, client, signal);
      },
    },
  ];
  if (retentionDays !== null) {
    const run = () => deleteOldRows(deps, retentionDays);
    tasks.push({ name: 'retention', everyMs: 60_000, run });
  }
  if (isWatching) {
    // A changed interval applies within seconds.
    const run = createWatchSchedule({ db, client, orgId, logger });
    tasks.push({ name: 'watch schedule', everyMs: 2_000, run });
  }
  return tasks;
}

async function deleteOldRows({ db, logger }: ActivityDeps, retentionDays: number): Promise<void> {
  const rows = await purge(db, retentionDays);
  if (rows > 0) logger.info({ rows, retentionDays }, 'deleted rows after their retention');
}
