/** `npm run worker` with a prebuilt bundle that includes the workflows of the peers. */
import { loadConfig } from '../../src/config/load-config';
import { openDatabase } from '../../src/db/connect';
import { installRuntime } from '../../src/process/temporal-runtime';
import { createLogger } from '../../src/logger';
import { runEntry, untilAborted } from '../../src/bin/run-entry';
import { startHealthServer } from '../../src/process/health-server';
import { createWorkerMetrics } from '../../src/worker/metrics';
import { startWorker } from '../../src/worker/start-worker';
import { webexFromConfig } from '../../src/worker/webex-from-config';
import { watchMemory } from './peak-memory';

runEntry(async ({ signal, say }) => {
  const peaks = watchMemory();
  const config = loadConfig();
  const logger = createLogger({ name: 'bench-worker', level: config.logLevel });
  installRuntime(logger);
  const metrics = createWorkerMetrics();
  const db = openDatabase(config.databaseUrl ?? '', { maxConnections: 30 });
  const worker = await startWorker({
    config,
    logger,
    db,
    webex: webexFromConfig({ config, db, logger, metrics }),
    temporal: { address: config.temporal.address ?? '' },
    metrics,
    workflowBundle: { codePath: process.env.BENCH_WORKFLOWS ?? '' },
    isWatching: process.env.BENCH_WATCHES !== 'false',
  });
  const { registry } = metrics;
  const { host, workerPort: port } = config;
  await startHealthServer({ host, port, registry, isReady: () => true });
  await Promise.race([untilAborted(signal), worker.ended]);
  say(`peak memory ${JSON.stringify(peaks())}`);
  await worker.stop();
  await db.$client.end();
  return 0;
});
