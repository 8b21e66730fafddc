import { Worker, type NativeConnection, type WorkflowBundle } from '@temporalio/worker';
import { createActivities, type ActivityDeps } from '../activities';
import { adoptDefaultPace, recoverPace } from '../activities/write/pace/pace';
import type { Activities } from '../contract/activities';
import { mainTaskQueue, sharedTaskQueue, writeTaskQueue } from '../contract/ids';
import { organizationUuid } from '../domain/model/webex-id';
import { guardActivities } from './guard-activities';
import { noteWorkTrouble } from './note-work-trouble';
import type { OwnOrganization } from './own-organization';

export type Workflows = WorkflowBundle | { codePath: string };

/** Enough for 100 writes per second at a latency of one second. */
const writesAtOnce = 120;
/** What the SDK does by itself, where the cache has room for as many. */
const workflowTasksAtOnce = 40;

export interface Workers {
  /** Workflows and most activities of the organization, and its write calls, whose queue has a rate. */
  own: Worker[];
  /** A worker for the queue that all organizations shared in 0.1.0. */
  createShared: () => Promise<Worker>;
}

/** The workers of one process, all on one connection. */
export async function createWorkers(
  deps: ActivityDeps,
  options: {
    organization: OwnOrganization;
    connection: NativeConnection;
    namespace: string;
    workflowBundle: Workflows | undefined;
    cachedWorkflows: number;
  },
): Promise<Workers> {
  const { organization, connection, namespace, workflowBundle, cachedWorkflows } = options;
  const activities = createActivities(deps);
  const paced: Pick<Activities, 'applyUser' | 'putBackUser' | 'repeatWrite'> = {
    applyUser: (user) => activities.applyUser(user),
    putBackUser: (user) => activities.putBackUser(user),
    repeatWrite: (user) => activities.repeatWrite(user),
  };
  const orgUuid = organizationUuid(deps.orgId);
  const common = {
    connection,
    namespace,
    interceptors: {
      activity: [guardActivities(organization, deps.userLabels), noteWorkTrouble(deps.db)],
    },
    shutdownGraceTime: '10s' as const,
    shutdownForceTime: '20s' as const,
  };
  const createMain = (taskQueue: string) =>
    Worker.create({
      ...common,
      taskQueue,
      activities,
      ...(workflowBundle ? { workflowBundle } : { workflowsPath: require.resolve('../workflows') }),
      // A plan waits for days: those that nothing happens to leave the memory, and are replayed when needed.
      maxCachedWorkflows: cachedWorkflows,
      maxConcurrentWorkflowTaskExecutions: Math.min(workflowTasksAtOnce, cachedWorkflows),
      // Other workers continue the workflows of a killed one after a second.
      stickyQueueScheduleToStartTimeout: '1s',
    });
  await adoptDefaultPace(deps, deps.orgId);
  const pace = await recoverPace(deps, deps.orgId);
  const own = [
    await createMain(mainTaskQueue(orgUuid)),
    await Worker.create({
      ...common,
      taskQueue: writeTaskQueue(orgUuid),
      activities: { ...paced },
      maxConcurrentActivityTaskExecutions: writesAtOnce,
      // Applies until upkeep sets the shared rate in the server, which overrides this one.
      maxTaskQueueActivitiesPerSecond: pace,
    }),
  ];
  return { own, createShared: () => createMain(sharedTaskQueue) };
}
