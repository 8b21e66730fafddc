/**
 * What every npm script runs: `node scripts/run.mjs <name> [arguments]`.
 *
 * Plain Node without dependencies, because a fresh clone has none yet. It installs what is missing and
 * then runs the TypeScript entry in this process, so that there is one process less to stop.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const entries = {
  demo: 'src/bin/demo.ts',
  start: 'src/bin/local.ts',
  simulator: 'src/bin/simulator.ts',
  token: 'src/bin/token.ts',
  api: 'src/bin/api.ts',
  worker: 'src/bin/worker.ts',
  bench: 'bench/run.ts',
  test: 'scripts/test.ts',
  rules: 'scripts/rules.ts',
  'env-example': 'scripts/env-example.ts',
  architecture: 'scripts/architecture.ts',
};

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** Runs `npm ci` unless node_modules was made from this lock file, for this Node and platform. */
function installDependencies() {
  const { platform, arch, versions } = process;
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  const stamp = hash.update(`${platform}-${arch}-${versions.modules}`).digest('hex');
  const stampFile = 'node_modules/.seatwise-install';
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  process.stderr.write('Installing dependencies (once, takes about a minute) …\n');
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const options = { stdio: ['ignore', 2, 2] };
  const npm = spawnSync(command, [...first, 'ci', '--include=dev'], options);
  if (npm.error) fail(`npm could not be run: ${npm.error.message}`);
  if (npm.status !== 0) fail('npm could not install the dependencies: see its output above.');
  writeFileSync(stampFile, stamp);
}

/** Our parent and, if the system shows it as a file, the parent of that one. */
function ancestors() {
  try {
    const fields = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ').at(-1);
    return `${process.ppid} ${fields.split(' ')[1]}`;
  } catch {
    return `${process.ppid}`;
  }
}

/** If npm is killed, it can't tell us: when an ancestor is gone, this process stops as on Ctrl-C. */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = ancestors();
  const watch = setInterval(() => {
    if (ancestors() === before) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20_000).unref();
  }, 250).unref();
}

const [name, ...args] = process.argv.slice(2);
const entry = entries[name];
if (!entry) fail(`Unknown script "${name ?? ''}". Scripts: ${Object.keys(entries).join(', ')}.`);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Seatwise needs Node 20.19 or newer, but this is Node ${process.versions.node}.`);
}
process.chdir(fileURLToPath(new URL('..', import.meta.url)));
installDependencies();
endWithNpm();
const require = createRequire(import.meta.url);
process.argv = [process.argv[0], path.resolve(entry), ...args];
require('tsx/cjs/api').register();
require(process.argv[1]);
