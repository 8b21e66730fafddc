/** A worker for `naiveQueue`, whose writes are coordinated only by Temporal's retries. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { runEntry, untilAborted } from '../../src/bin/run-entry';
import { loadConfig } from '../../src/config/load-config';
import { openDatabase } from '../../src/db/connect';
import { installRuntime } from '../../src/process/temporal-runtime';
import { createLogger } from '../../src/logger';
import { startHealthServer } from '../../src/process/health-server';
import { createWorkerMetrics } from '../../src/worker/metrics';
import { webexFromConfig } from '../../src/worker/webex-from-config';
import { naiveActivities, naiveQueue } from '../peers/naive-activities';

runEntry(async ({ signal }) => {
  const config = loadConfig();
  const logger = createLogger({ name: 'naive-worker', level: config.logLevel });
  installRuntime(logger);
  const metrics = createWorkerMetrics();
  const db = openDatabase(config.databaseUrl ?? '');
  const webex = webexFromConfig({ config, db, logger, metrics });
  const connection = await NativeConnection.connect({ address: config.temporal.address ?? '' });
  const worker = await Worker.create({
    connection,
    taskQueue: naiveQueue,
    activities: naiveActivities({ db, webex }),
    maxTaskQueueActivitiesPerSecond: config.webex.writesPerSecond,
  });
  const { host, workerPort: port } = config;
  await startHealthServer({ host, port, registry: metrics.registry, isReady: () => true });
  const run = worker.run();
  await Promise.race([untilAborted(signal), run]);
  if (worker.getState() === 'RUNNING') worker.shutdown();
  await run;
  await connection.close();
  await db.$client.end();
  return 0;
});
