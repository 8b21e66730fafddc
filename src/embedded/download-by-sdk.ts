import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './run-command';

/**
 * The SDK downloads a server only when it starts one. This happens in another process, because it would
 * install the default Temporal runtime in ours, and a process can install only one.
 */
const script = `
const [kind, downloadDir] = process.argv.slice(1);
const { TestWorkflowEnvironment } = require('@temporalio/testing');
const { DefaultLogger, Runtime } = require('@temporalio/worker');
Runtime.install({ logger: new DefaultLogger('ERROR') });
const server = { executable: { type: 'cached-download', downloadDir } };
const start = kind === 'dev-server'
  ? TestWorkflowEnvironment.createLocal({ server })
  : TestWorkflowEnvironment.createTimeSkipping({ server });
start.then((env) => env.teardown()).then(() => process.exit(0), () => process.exit(1));
`;

/** Lets the SDK download a server into `folder`. Returns its path, or null if that fails. */
export async function downloadBySdk(
  kind: 'dev-server' | 'time-skipping',
  folder: string,
): Promise<string | null> {
  const result = await runCommand(process.execPath, ['-e', script, kind, folder], {
    timeoutMs: 5 * 60_000,
    cwd: path.resolve(__dirname, '..', '..'),
  });
  if (result.code !== 0) return null;
  const program = readdirSync(folder).find((file) => /^temporal-[\w-]+/.test(file));
  return program === undefined ? null : path.join(folder, program);
}
