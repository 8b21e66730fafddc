import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { sharedTaskQueue } from '../contract/ids';
import type { Logger } from '../logger';

const left = `TaskQueue = '${sharedTaskQueue}' AND ExecutionStatus = 'Running'`;
/** The list of workflows lags behind: it has to be empty twice. */
const emptyTurns = 2;

export interface SharedQueue {
  /** One turn of upkeep: begins to poll if workflows are left, and ends once none is. */
  turn(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Polls the queue of 0.1.0 next to that of the organization, until no workflow is left there. Workers of
 * all organizations do so: activities of another one are left to the others by `guardActivities`.
 */
export function pollSharedQueue(input: {
  client: Client;
  createWorker: () => Promise<Worker>;
  logger: Logger;
}): SharedQueue {
  const { client, createWorker, logger } = input;
  let running: { worker: Worker; ended: Promise<void> } | null = null;
  let emptyFor = 0;

  /** Null where the server doesn't say. */
  async function hasNone(): Promise<boolean | null> {
    try {
      return (await client.workflow.count(left)).count === 0;
    } catch {
      return null;
    }
  }

  async function begin(): Promise<void> {
    const worker = await createWorker();
    const ended = worker.run().catch((error: unknown) => {
      running = null;
      logger.warn({ err: error }, 'polling the queue of earlier workflows ended');
    });
    running = { worker, ended };
    logger.info(
      { taskQueue: sharedTaskQueue },
      'workflows of version 0.1.0 are left: helping them end',
    );
  }

  async function stop(): Promise<void> {
    if (running === null) return;
    const { worker, ended } = running;
    running = null;
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await ended;
  }

  return {
    async turn() {
      const isEmpty = await hasNone();
      if (isEmpty !== null) emptyFor = isEmpty ? emptyFor + 1 : 0;
      // A server that can't count may have some.
      if (isEmpty !== true && emptyFor === 0 && running === null) await begin();
      if (emptyFor < emptyTurns || running === null) return;
      await stop();
      logger.info({ taskQueue: sharedTaskQueue }, 'no workflow of version 0.1.0 is left');
    },
    stop,
  };
}
