/**
 * Reads all lists of Webex with the client of the worker, stores nothing, and sends how long it took.
 */
import { loadConfig } from '../../src/config/load-config';
import { openDatabase } from '../../src/db/connect';
import { createLogger } from '../../src/logger';
import { createWorkerMetrics } from '../../src/worker/metrics';
import { webexFromConfig } from '../../src/worker/webex-from-config';

export interface PlainReads {
  seconds: number;
  users: number;
  /** Processor time of this process. */
  cpuSeconds: number;
}

async function main(): Promise<void> {
  const config = loadConfig();
  const logger = createLogger({ name: 'plain-reads', level: config.logLevel });
  // The client asks it for ids that are stored in another form. It is empty, or has the usual ones.
  const db = openDatabase(config.databaseUrl ?? '');
  const webex = webexFromConfig({ config, db, logger, metrics: createWorkerMetrics() });
  await webex.checkCredential();
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const licenses = await webex.listLicenses();
  await webex.listGroups();
  let users = 0;
  for await (const page of webex.listPeople()) users += page.users.length;
  await webex.promisedPeople(licenses);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  process.send?.({ seconds, users, cpuSeconds: (user + system) / 1e6 } satisfies PlainReads);
  await db.$client.end();
}
void main();
