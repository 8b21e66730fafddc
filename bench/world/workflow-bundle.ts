import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { cacheFolder } from '../../src/embedded/cache-folder';

let bundling: Promise<string> | null = null;

async function bundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.resolve(__dirname, '..', 'peers', 'workflows.ts'),
    logger: new DefaultLogger('ERROR'),
  });
  const file = path.join(cacheFolder('bench'), 'workflows.js');
  writeFileSync(file, code);
  return file;
}

/** Path of a bundle with the workflows of the product and of the peers. Built once per run. */
export function workflowBundle(): Promise<string> {
  bundling ??= bundle();
  return bundling;
}
