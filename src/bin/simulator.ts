/** `npm run simulator`: the Webex simulator in its own process. */
import { parseArgs } from 'node:util';
import { ErrorForPeople } from '../error-for-people';
import type { SimulatorOptions } from '../simulator/open-simulator';
import { startSimulator, type RunningSimulator } from '../simulator/start-simulator';
import { readCount, readFolder } from './arguments';
import { runEntry, untilAborted } from './run-entry';

const help = `Usage: npm run simulator -- [flags]

Runs a simulated Webex with the same HTTP interface as the real one.

  --port N      port to listen on (3100); 0 picks a free one
  --host H      address to listen on (127.0.0.1)
  --users N     size of the generated organization (200), at most 1000000
  --seed N      seed of the generated organization (1)
  --org DIR     load an organization from a folder: licenses.json, people.json, groups.json, locations.json
  --token T     the administrator's token, with every scope; generated if not given
  --data DIR    store the organization and the log of writes here, and continue from them at the next start
  --help        print this text

The controls are under /_simulator/; docs/simulator.md describes them.
`;

const flags = {
  port: { type: 'string' },
  host: { type: 'string' },
  users: { type: 'string' },
  seed: { type: 'string' },
  org: { type: 'string' },
  token: { type: 'string' },
  data: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** The options of the command line; null if only the help text was asked for. */
function readOptions(): SimulatorOptions | null {
  const { values } = parseArgs({ options: flags });
  if (values.help) return null;
  const { host, org, token, users, seed, data: dataDir } = values;
  if (org !== undefined && (users ?? seed) !== undefined) {
    throw new ErrorForPeople('--org has its own users: leave out --users and --seed.');
  }
  const folder = readFolder('--org', org);
  return {
    port: readCount('--port', values.port, { least: 0, most: 65_535 }) ?? 3100,
    users: readCount('--users', users, { least: 1, most: 1_000_000 }) ?? 200,
    seed: readCount('--seed', seed, { least: 0, most: 2 ** 31 - 1 }) ?? 1,
    ...(host !== undefined && { host }),
    ...(folder !== undefined && { org: folder }),
    ...(token !== undefined && { token: checkToken(token) }),
    ...(dataDir !== undefined && { dataDir }),
  };
}

function checkToken(token: string): string {
  if (/^\S{8,}$/.test(token)) return token;
  throw new ErrorForPeople('--token needs at least 8 characters without spaces.');
}

/** Starts the simulator. Throws `ErrorForPeople` if it can't listen or can't read a folder. */
async function start(options: SimulatorOptions): Promise<RunningSimulator> {
  try {
    return await startSimulator(options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new ErrorForPeople('The port is in use: choose another one with --port.');
    }
    if (error instanceof Error && 'syscall' in error) {
      throw new ErrorForPeople(`The simulator can't listen there: ${error.message}.`);
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
