import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, type Logger as TemporalLogger } from '@temporalio/worker';
import { cacheFolder } from '../embedded/cache-folder';

/** Everything that workflow code may import, by the import rule. */
const sources = ['workflows', 'contract', 'domain'];

function filesOf(at: string): string[] {
  if (!statSync(at).isDirectory()) return [at];
  return readdirSync(at)
    .sort()
    .flatMap((name) => filesOf(path.join(at, name)));
}

function fingerprint(root: string): string {
  const hash = createHash('sha256');
  const lock = path.join(root, '..', 'package-lock.json');
  const inputs = sources.map((source) => path.join(root, source)).filter((at) => existsSync(at));
  for (const file of [...inputs.flatMap(filesOf), ...(existsSync(lock) ? [lock] : [])]) {
    hash.update(path.relative(root, file)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 24);
}

/** The workflows as one file. Bundling takes seconds, so it is repeated only if their sources changed. */
export async function cachedWorkflowBundle(logger: TemporalLogger): Promise<{ codePath: string }> {
  const root = path.resolve(__dirname, '..');
  const folder = cacheFolder('workflows');
  const codePath = path.join(folder, `${fingerprint(root)}.js`);
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundleWorkflowCode({
    workflowsPath: require.resolve(path.join(root, 'workflows', 'index')),
    logger,
  });
  // Renamed when complete: another process may be reading it.
  const unfinished = `${codePath}.${String(process.pid)}`;
  for (const old of readdirSync(folder)) rmSync(path.join(folder, old), { force: true });
  writeFileSync(unfinished, code);
  renameSync(unfinished, codePath);
  return { codePath };
}
