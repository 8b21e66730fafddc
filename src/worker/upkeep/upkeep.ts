import type { Logger } from '../../logger';
import { RepeatedLines } from '../../repeated-lines';

export interface UpkeepTask {
  name: string;
  everyMs: number;
  run: () => Promise<void>;
}

/**
 * Runs small repeated tasks next to the worker. A failure is logged, once per outage, and the task runs
 * again at its next turn. No task overlaps with itself. Every worker runs all of them: each is safe to run twice.
 */
export function startUpkeep(
  tasks: readonly UpkeepTask[],
  logger: Logger,
): { stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const lines = new RepeatedLines(logger);
  const timers = tasks.map((task) => {
    let isBusy = false;
    const turn = () => {
      if (isBusy) return;
      isBusy = true;
      const work = task
        .run()
        .catch((error: unknown) =>
          lines.log('warn', { err: error, task: task.name }, 'upkeep failed'),
        )
        .finally(() => {
          isBusy = false;
          running.delete(work);
        });
      running.add(work);
    };
    turn();
    return setInterval(turn, task.everyMs);
  });
  return {
    async stop() {
      timers.forEach((timer) => clearInterval(timer));
      await Promise.all(running);
      lines.flush();
    },
  };
}
