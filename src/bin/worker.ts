/** `npm run worker`: workflows, activities and upkeep for one organization. Run any number of them. */
import { loadConfig } from '../config/load-config';
import { openDatabase } from '../db/connect';
import { migrateDatabase } from '../db/migrate';
import { ErrorForPeople } from '../error-for-people';
import { installRuntime } from '../process/temporal-runtime';
import { createLogger } from '../logger';
import { startHealthServer } from '../process/health-server';
import { createWorkerMetrics } from '../worker/metrics';
import { startWorker } from '../worker/start-worker';
import { webexFromConfig } from '../worker/webex-from-config';
import { RepeatedLines } from '../repeated-lines';
import { runEntry, untilAborted } from './run-entry';

runEntry(async ({ signal }) => {
  const config = loadConfig();
  const { databaseUrl } = config;
  const { address } = config.temporal;
  if (databaseUrl === null) throw new ErrorForPeople('A worker needs DATABASE_URL.');
  if (address === null) throw new ErrorForPeople('A worker needs TEMPORAL_ADDRESS.');
  const logger = createLogger({ name: 'worker', level: config.logLevel });
  const lines = new RepeatedLines(logger);
  installRuntime(logger);
  const metrics = createWorkerMetrics();
  let isReady = false;
  const health = await startHealthServer({
    host: config.host,
    port: config.workerPort,
    registry: metrics.registry,
    isReady: () => isReady,
  });
  const db = openDatabase(databaseUrl, {
    maxConnections: 30,
    onIdleError: (error) => lines.log('warn', { err: error }, 'a database connection was lost'),
  });
  await migrateDatabase(db);
  const webex = webexFromConfig({ config, db, logger, metrics });
  const worker = await startWorker({ config, logger, db, webex, temporal: { address }, metrics });
  isReady = true;
  logger.info({ orgId: worker.orgId }, 'the worker is ready');
  await Promise.race([untilAborted(signal), worker.ended]);
  isReady = false;
  await worker.stop();
  await db.$client.end();
  health.close();
  return signal.aborted ? 0 : 1;
});
