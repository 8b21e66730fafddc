import { parseArgs } from 'node:util';
import { DataFolderError } from '../simulator/data-folder';
import { FolderError } from '../simulator/organization/read-folder';
import { startSimulator, type RunningSimulator } from '../simulator/start-simulator';
import type { SimulatorOptions } from '../simulator/open-simulator';
import { readCount, readFolder } from './arguments';
import { runEntry, untilAborted, UsageError } from './run-entry';

const help = `A Webex of your own, with the wire contract of the real one.

  npm run simulator -- [flags]

  --port N      port to listen on (3100); 0 takes a free one
  --host H      address to listen on (127.0.0.1)
  --users N     size of the generated organization (200), at most 1000000
  --seed N      seed of the generated organization (1)
  --org DIR     an organization from a folder: licenses.json, people.json, groups.json, locations.json
  --token T     the administrator's token, with every scope; made up when absent
  --data DIR    keep truth and log here and go on from there at the next start
  --help        this text

Controls are under /_simulator/ and described in docs/simulator.md.
`;

function readOptions(): SimulatorOptions | null {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      users: { type: 'string' },
      seed: { type: 'string' },
      org: { type: 'string' },
      token: { type: 'string' },
      data: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return null;
  const { host, org, token, data: dataDir } = values;
  if (token !== undefined && !/^\S{8,}$/.test(token)) {
    throw new UsageError('--token needs at least 8 characters without spaces.');
  }
  if (org !== undefined && (values.users !== undefined || values.seed !== undefined)) {
    throw new UsageError('--org brings its own users: leave out --users and --seed.');
  }
  const folder = readFolder('--org', org);
  return {
    port: readCount('--port', values.port, { least: 0, most: 65_535 }) ?? 3100,
    users: readCount('--users', values.users, { least: 1, most: 1_000_000 }) ?? 200,
    seed: readCount('--seed', values.seed, { least: 0, most: 2 ** 31 - 1 }) ?? 1,
    ...(host === undefined ? {} : { host }),
    ...(folder === undefined ? {} : { org: folder }),
    ...(token === undefined ? {} : { token }),
    ...(dataDir === undefined ? {} : { dataDir }),
  };
}

/** What the user can mend becomes a sentence. */
async function start(options: SimulatorOptions): Promise<RunningSimulator> {
  try {
    return await startSimulator(options);
  } catch (error) {
    if (error instanceof FolderError || error instanceof DataFolderError) {
      throw new UsageError(error.message);
    }
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new UsageError('The port is taken: choose another with --port.');
    }
    if (error instanceof Error && 'syscall' in error) {
      throw new UsageError(`The simulator can't listen there: ${error.message}.`);
    }
    throw error;
  }
}

runEntry(async ({ signal, say }) => {
  const options = readOptions();
  if (!options) {
    say(help);
    return 0;
  }
  const running = await start(options);
  const { people, displayName } = running.simulator.organization;
  say(`Simulator    ${running.url} (${displayName}, ${people.existing} users)`);
  say(`API          ${running.url}/v1 and ${running.url}/identity/scim`);
  say(`Controls     ${running.url}/_simulator/`);
  say(`Admin token  ${running.adminToken}`);
  say(`\ncurl -H 'Authorization: Bearer ${running.adminToken}' ${running.url}/v1/licenses`);
  await untilAborted(signal);
  await running.close();
  return 0;
});
