import type { Logger } from '../../logger';
import { RepeatedLines } from '../../repeated-lines';

export interface UpkeepTask {
  name: string;
  everyMs: number;
  run: () => Promise<void>;
}

/**
 * Runs small repeated tasks next to the worker. A failure is logged, once per outage, and the task runs
 * again at its next turn. Once no task fails any more, that is logged too. No task overlaps with itself. Every worker runs all of them: each is safe to run twice.
 */
export function startUpkeep(
  tasks: readonly UpkeepTask[],
  logger: Logger,
): { stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const lines = new RepeatedLines(logger);
  const failing = new Failing(logger);
  const timers = tasks.map((task) => {
    let isBusy = false;
    const turn = () => {
      if (isBusy) return;
      isBusy = true;
      const work = task
        .run()
        .then(
          () => failing.worked(task.name),
          (error: unknown) => {
            failing.failed(task.name);
            lines.log('warn', { err: error, task: task.name }, 'upkeep failed');
          },
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

/** The tasks that failed at their last turn. */
class Failing {
  private readonly tasks = new Set<string>();
  private sinceMs = 0;

  constructor(private readonly logger: Logger) {}

  failed(task: string): void {
    if (this.tasks.size === 0) this.sinceMs = performance.now();
    this.tasks.add(task);
  }

  worked(task: string): void {
    if (!this.tasks.delete(task) || this.tasks.size > 0) return;
    const seconds = Math.round((performance.now() - this.sinceMs) / 1_000);
    this.logger.info({ seconds }, 'upkeep works again');
  }
}
