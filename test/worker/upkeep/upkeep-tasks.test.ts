import type { Client } from '@temporalio/client';
import type { ActivityDeps } from '../../../src/activities';
import { createLogger } from '../../../src/logger';
import { createWorkerMetrics } from '../../../src/worker/metrics';
import { upkeepTasks } from '../../../src/worker/upkeep/upkeep-tasks';

/** Records what a task reaches for. */
function watched(touched: string[], name: string): never {
  return new Proxy(
    {},
    {
      get(_, key) {
        touched.push(`${name}.${String(key)}`);
        throw new Error(`${name} was touched`);
      },
    },
  ) as never;
}

function aWorker(confirm: () => Promise<void>) {
  const touched: string[] = [];
  const logger = createLogger({ name: 'test', level: 'silent' });
  const deps = { db: watched(touched, 'db'), webex: {}, orgId: 'org', logger };
  const tasks = upkeepTasks({
    deps: deps as unknown as ActivityDeps,
    organization: { confirm },
    client: watched(touched, 'client') as Client,
    metrics: createWorkerMetrics(),
    signal: new AbortController().signal,
    retentionDays: null,
    isWatching: false,
  });
  return { touched, run: (name: string) => tasks.find((task) => task.name === name)!.run() };
}

const away = new Error('Webex is away');

describe('upkeep that calls Webex', () => {
  it.each(['put back what is owed', 'read users whose last answer was lost'])(
    'waits until the token opens the organization: %s',
    async (name) => {
      const unknown = aWorker(() => Promise.reject(away));
      await expect(unknown.run(name)).rejects.toBe(away);
      expect(unknown.touched).toEqual([]);
      const own = aWorker(() => Promise.resolve());
      await expect(own.run(name)).rejects.toThrow('db was touched');
    },
  );
});
