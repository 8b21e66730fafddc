/** `npm run demo`: one complete rollout on embedded servers, through the HTTP API. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../config/config';
import { isColourful, loadConfig } from '../config/load-config';
import { createApi } from '../demo/api-client';
import { createNarrator, type Narrator } from '../demo/narrate';
import { showAddresses } from '../demo/show-addresses';
import { showFirstRead } from '../demo/show-first-read';
import { tellStory } from '../demo/tell-story';
import { startLocal, type Local } from '../local/start-local';
import { readCount, readFolder } from './arguments';
import { runEntry, untilAborted } from './run-entry';

const help = `Usage: npm run demo -- [--users N] [--org DIR] [--keep]

Runs one rollout on a simulated Webex, through the HTTP API only, and removes everything afterwards.

  --users N   size of the simulated organization (200)
  --org DIR   load the organization from a folder of JSON bodies, such as examples/recorded-org
  --keep      keep everything running until Ctrl-C`;

/** A write becomes visible after a second or two, different for each user. */
const settings = {
  propagation: { delay: { mode: 'uniform' as const, minMs: 300, maxMs: 3_000 }, replicas: 2 },
};

async function demonstrate(
  local: Local,
  out: Narrator,
  signal: AbortSignal,
  isKept: boolean,
): Promise<void> {
  const api = createApi({ url: local.apiUrl, token: local.token, signal });
  const onFirstRead = showFirstRead(out, () => local.usersRead(), local.logFile);
  const rollout = await tellStory({ api, out, signal, onFirstRead });
  showAddresses(out, local, rollout.links.temporal);
  if (!isKept) {
    out.line('  (they stop now; use --keep to keep them running)');
    return;
  }
  out.line(`  API token        ${local.token}`);
  out.line('\nEverything keeps running until Ctrl-C.');
  await untilAborted(signal);
}

runEntry(async ({ signal, say }) => {
  const { values } = parseArgs({
    options: {
      users: { type: 'string' },
      org: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const users = readCount('--users', values.users, { least: 2, most: 1_000_000 });
  const org = readFolder('--org', values.org);
  const out = createNarrator(process.stdout, isColourful(process.stdout.isTTY));
  const folder = mkdtempSync(path.join(tmpdir(), 'seatwise-demo-'));
  let local: Local | null = null;
  try {
    out.heading('Seatwise: starting Temporal, PostgreSQL, a simulated Webex, worker and API');
    local = await startLocal({
      config: demoConfig(),
      folder,
      simulator: { users, org, settings },
      preferredPorts: null,
      onProgress: (line) => out.status(`  ${line}`),
    });
    out.settle();
    await demonstrate(local, out, signal, values.keep);
    return 0;
  } catch (error) {
    out.settle();
    if (!signal.aborted) throw error;
    say('Stopped.');
    return values.keep ? 0 : 130;
  } finally {
    await local?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Uses only the path of the Temporal CLI from the environment, so that nothing real is touched. */
function demoConfig() {
  const { temporal } = loadConfig();
  const config = parseConfig({ PORT: '0', WORKER_PORT: '0' });
  return { ...config, temporal: { ...config.temporal, cliPath: temporal.cliPath } };
}
