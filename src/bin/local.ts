/** `npm start`: the complete system in one process, until Ctrl-C. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isColourful, loadConfig } from '../config/load-config';
import { createApi } from '../demo/api-client';
import { createNarrator, type Narrator } from '../demo/narrate';
import { showAddresses } from '../demo/show-addresses';
import { showFirstRead } from '../demo/show-first-read';
import { freePort } from '../embedded/free-port';
import { showCommands } from '../demo/show-commands';
import { startLocal, type Local } from '../local/start-local';
import { readCount, readFolder } from './arguments';
import { runEntry, untilAborted } from './run-entry';

const help = `Usage: npm start -- [--users N] [--org DIR] [--port PORT]

Runs everything on this machine until Ctrl-C: API, worker, a Temporal server with its UI, PostgreSQL
and a simulated Webex. Configured servers (DATABASE_URL, TEMPORAL_ADDRESS, WEBEX_BASE_URL) are used
instead of own ones. Data is kept in DATA_DIR (.data); the next start continues with it.

  --users N    size of the simulated organization at the first start (200)
  --org DIR    load the organization from a folder of JSON bodies, such as examples/recorded-org
  --port PORT  port of the API (8080)`;

/** The usual ports of Temporal, and one for the simulator. One that is in use is replaced. */
const preferredPorts = { temporal: 7233, temporalUi: 8233, simulator: 8090 };

/** The path relative to the working folder if the file is in it. */
function shown(file: string): string {
  const relative = path.relative('.', file);
  return relative.startsWith('..') ? file : relative;
}

async function tell(local: Local, out: Narrator, signal: AbortSignal): Promise<void> {
  const api = createApi({ url: local.apiUrl, token: local.token, signal });
  showAddresses(out, local, null);
  out.line(`  Log              ${shown(local.logFile)}`);
  out.heading(local.isNewToken ? 'A new API token (role admin)' : 'The API token (role admin)');
  out.line(`  ${local.token}`);
  out.line(`  It is stored in ${shown(local.tokenFile)}, which only you can read.`);
  const onFirstRead = showFirstRead(out, () => local.usersRead(), shown(local.logFile));
  await showCommands({ api, out, local, signal, onFirstRead });
}

runEntry(async ({ signal, say }) => {
  const { values } = parseArgs({
    options: {
      users: { type: 'string' },
      org: { type: 'string' },
      port: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const users = readCount('--users', values.users, { least: 1, most: 1_000_000 });
  const org = readFolder('--org', values.org);
  const port = readCount('--port', values.port, { least: 0, most: 65_535 });
  const loaded = loadConfig();
  const config = {
    ...loaded,
    port: port ?? loaded.port,
    workerPort: await freePort(loaded.workerPort),
  };
  const out = createNarrator(process.stdout, isColourful(process.stdout.isTTY));
  const startedAt = performance.now();
  out.heading('Seatwise is starting');
  const local = await startLocal({
    config,
    folder: config.dataDir,
    simulator: { users, org },
    preferredPorts,
    onProgress: (line) => out.status(`  ${line}`),
  });
  try {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    out.heading(`Seatwise is ready (${seconds} s)`);
    await tell(local, out, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    out.line(
      '\nCtrl-C stops everything. Data is kept, and running work continues at the next start.',
    );
    await untilAborted(signal);
    out.line('\nStopping …');
  } finally {
    await local.stop();
  }
  return 0;
});
