import type { Client } from '@temporalio/client';
import type { ActivityDeps } from '../../activities/index';
import { recoverPace } from '../../activities/write/pace/pace';
import { purge } from '../../db/admin/retention';
import { findOwedUsers } from '../../activities/write/put-back/doubtful-users';
import { lookAtRestored } from '../../activities/write/put-back/restored-users';
import { createPutBackUpkeep } from '../../activities/write/put-back/put-back-upkeep';
import type { RowCursor } from '../../db/write/row-cursor';
import { closeLeftRows } from '../../db/rollout/ending/close-stranded';
import { counterTasks } from './counter-tasks';
import { deliverActions } from './deliver-actions';
import { followEndedRollouts, type FollowUpCursor } from './follow-ended-rollouts';
import type { WorkerMetrics } from '../metrics';
import type { OwnOrganization } from '../own-organization';
import { PoisonedRows } from './poisoned-rows';
import { startMissingWorkflows } from './start-missing-workflows';
import { tellWorkflows, type TellingCursor } from './tell-workflows';
import type { UpkeepTask } from './upkeep';
import { createWatchSchedule } from '../watch-schedule';

/** The repeated tasks of every worker. */
export function upkeepTasks(input: {
  deps: ActivityDeps;
  organization: Pick<OwnOrganization, 'confirm'>;
  client: Client;
  metrics: WorkerMetrics;
  signal: AbortSignal;
  retentionDays: number | null;
  isWatching: boolean;
}): UpkeepTask[] {
  const { deps, organization, client, metrics, signal, retentionDays, isWatching } = input;
  const { db, orgId, logger } = deps;
  const followed: FollowUpCursor = { after: null };
  const tasks: UpkeepTask[] = [
    {
      name: 'pace',
      everyMs: 1_000,
      run: async () => metrics.setPace(await recoverPace(deps, orgId)),
    },
    missingWorkflowsTask(deps, client),
    leftRowsTask(deps),
    onlyForOwn(organization, doubtTask(deps)),
    onlyForOwn(organization, owedTask(deps)),
    onlyForOwn(organization, restoredTask(deps)),
    {
      name: 'verify ended rollouts',
      everyMs: 5_000,
      run: async () => {
        const started = await followEndedRollouts(db, client, orgId, followed);
        if (started > 0) logger.info({ started }, 'verifies users of rollouts that have ended');
      },
    },
    actionsTask(deps, client, signal),
    tellingTask(deps, client),
    ...counterTasks(deps, metrics),
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

/** As the guard does before activities: what calls Webex waits until the token opens this organization. */
function onlyForOwn(organization: Pick<OwnOrganization, 'confirm'>, task: UpkeepTask): UpkeepTask {
  return {
    ...task,
    run: async () => {
      await organization.confirm();
      await task.run();
    },
  };
}

function missingWorkflowsTask(deps: ActivityDeps, client: Client): UpkeepTask {
  const { db, orgId, logger, userLabels } = deps;
  const poisoned = new PoisonedRows({ db, logger });
  const cursor = { at: 0 };
  return {
    name: 'start rollouts without a workflow',
    everyMs: 15_000,
    run: async () => {
      const started = await startMissingWorkflows({
        db,
        client,
        orgId,
        userLabels,
        poisoned,
        cursor,
      });
      if (started > 0) logger.info({ started }, 'started the workflows of rollouts that had none');
    },
  };
}

function tellingTask({ db, orgId, userLabels }: ActivityDeps, client: Client): UpkeepTask {
  const cursor: TellingCursor = { after: null };
  return {
    name: 'tell workflows what they wait for',
    everyMs: 5_000,
    run: async () => {
      await tellWorkflows({ db, client, orgId, userLabels }, cursor);
    },
  };
}

/** The first turn looks at all ended rollouts, the others at those that have ended lately. */
function leftRowsTask({ db, orgId, logger }: ActivityDeps): UpkeepTask {
  let endedWithinDays: number | null = null;
  return {
    name: 'close rows of ended rollouts',
    everyMs: 15_000,
    run: async () => {
      const rollouts = await closeLeftRows(db, orgId, endedWithinDays);
      endedWithinDays = 2;
      if (rollouts > 0) logger.info({ rollouts }, 'closed rows that ended rollouts had left open');
    },
  };
}

/** Users of paused and halted rollouts whose last answer was lost may have lost something (R95). */
function doubtTask(deps: ActivityDeps): UpkeepTask {
  const { logger } = deps;
  const cursor: RowCursor = { after: null };
  return {
    name: 'read users whose last answer was lost',
    everyMs: 60_000,
    run: async () => {
      const users = await findOwedUsers(deps, cursor);
      if (users > 0) logger.warn({ users }, 'found users who lost something by an unanswered call');
    },
  };
}

/** What is owed to users (R95) is put back even where no workflow is left to do it. */
function owedTask(deps: ActivityDeps): UpkeepTask {
  const { logger } = deps;
  const finish = createPutBackUpkeep(deps);
  return {
    name: 'put back what is owed',
    everyMs: 15_000,
    run: async () => {
      const users = await finish();
      if (users > 0) logger.info({ users }, 'put back what rollouts without a workflow owed');
    },
  };
}

/** What only an answer says was put back is looked for, and owed again where no read shows it (R99). */
function restoredTask(deps: ActivityDeps): UpkeepTask {
  const { logger } = deps;
  const cursor: RowCursor = { after: null };
  return {
    name: 'look for what was put back',
    everyMs: 15_000,
    run: async () => {
      const users = await lookAtRestored(deps, cursor);
      if (users > 0)
        logger.warn({ users }, 'no read shows what was put back: it is put back again');
    },
  };
}

function actionsTask(
  { db, orgId, logger }: ActivityDeps,
  client: Client,
  signal: AbortSignal,
): UpkeepTask {
  const poisoned = new PoisonedRows({ db, logger });
  return {
    name: 'deliver accepted actions',
    everyMs: 2_000,
    run: async () => {
      await deliverActions({ db, client, orgId, signal, poisoned });
    },
  };
}

async function deleteOldRows({ db, logger }: ActivityDeps, retentionDays: number): Promise<void> {
  const rows = await purge(db, retentionDays);
  if (rows > 0) logger.info({ rows, retentionDays }, 'deleted rows after their retention');
}
