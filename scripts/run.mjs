/**
 * What every npm script runs: `node scripts/run.mjs <name> [arguments]`.
 *
 * Plain Node without dependencies, because on a fresh clone there are none yet. It installs what is
 * missing and then runs the TypeScript entry in this very process: one process less to be killed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

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

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Seatwise needs Node 20.19 or newer, and this is Node ${process.versions.node}.`);
}

/** `npm ci` unless node_modules was made from exactly this lock file by this Node on this platform. */
function installDependencies() {
  const stampFile = path.join(root, 'node_modules', '.seatwise-install');
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const made = `${process.platform}-${process.arch}-${process.versions.modules}`;
  const stamp = createHash('sha256').update(lock).update(made).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  process.stderr.write('Installing dependencies (once, about a minute) …\n');
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const options = ['ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error'];
  const result = spawnSync(command, [...first, ...options, '--progress=true'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (result.status !== 0) {
    fail('The dependencies could not be installed: see what npm said above, and run this again.');
  }
  writeFileSync(stampFile, stamp);
}

/** Parent of a process, where the system shows it as files; undefined elsewhere. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/**
 * npm can be killed without a word to what it runs: then this process ends itself as on Ctrl-C. Some
 * shells stay between npm and us, so the parent's parent counts too.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  const watch = setInterval(() => {
    if (process.ppid === shell && parentOf(shell) === npm) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20_000).unref();
  }, 250);
  watch.unref();
}

const [name, ...args] = process.argv.slice(2);
const entry = entries[name];
if (!entry) fail(`Unknown script "${name ?? ''}": there are ${Object.keys(entries).join(', ')}.`);
checkNode();
process.chdir(root);
installDependencies();
endWithNpm();
const file = path.join(root, entry);
if (!existsSync(file)) fail(`There is no ${entry} in this checkout.`);
process.argv = [process.argv[0], file, ...args];
require('tsx/cjs/api').register();
require(file);
