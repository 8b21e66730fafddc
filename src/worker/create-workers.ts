import { Worker, type NativeConnection, type WorkflowBundle } from '@temporalio/worker';
import { createActivities, type ActivityDeps } from '../activities';
import { adoptDefaultPace, recoverPace } from '../activities/write/pace';
import type { Activities } from '../contract/activities';
import { mainTaskQueue, writeTaskQueue } from '../contract/ids';
import { organizationUuid } from '../domain/model/webex-id';

export type Workflows = WorkflowBundle | { codePath: string };

/** Enough for 100 writes per second at a latency of one second. */
const writesAtOnce = 120;

/**
 * Two workers on one connection: one runs the workflows and most activities, the other the write calls
 * of the organization, whose queue has a rate.
 */
export async function createWorkers(
  deps: ActivityDeps,
  options: {
    connection: NativeConnection;
    namespace: string;
    workflowBundle: Workflows | undefined;
  },
): Promise<Worker[]> {
  const { connection, namespace, workflowBundle } = options;
  const activities = createActivities(deps);
  const paced: Pick<Activities, 'applyUser' | 'putBackUser' | 'repeatWrite'> = {
    applyUser: (user) => activities.applyUser(user),
    putBackUser: (user) => activities.putBackUser(user),
    repeatWrite: (user) => activities.repeatWrite(user),
  };
  const common = {
    connection,
    namespace,
    shutdownGraceTime: '10s',
    shutdownForceTime: '20s',
  } as const;
  await adoptDefaultPace(deps, deps.orgId);
  const pace = await recoverPace(deps, deps.orgId);
  return [
    await Worker.create({
      ...common,
      taskQueue: mainTaskQueue,
      activities,
      ...(workflowBundle ? { workflowBundle } : { workflowsPath: require.resolve('../workflows') }),
      // Other workers continue the workflows of a killed one after a second.
      stickyQueueScheduleToStartTimeout: '1s',
    }),
    await Worker.create({
      ...common,
      taskQueue: writeTaskQueue(organizationUuid(deps.orgId)),
      activities: { ...paced },
      maxConcurrentActivityTaskExecutions: writesAtOnce,
      // Applies until upkeep sets the shared rate in the server, which overrides this one.
      maxTaskQueueActivitiesPerSecond: pace,
    }),
  ];
}
