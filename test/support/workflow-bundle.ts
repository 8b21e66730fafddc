import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { cacheFolder } from '../../src/embedded/cache-folder';
import { told } from './environment';

/** Bundles the workflows once for the whole run; the path of the bundle. */
export async function buildWorkflowBundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.resolve(__dirname, '../../src/workflows/index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  const file = path.join(cacheFolder('test'), `workflows-${String(process.pid)}.js`);
  writeFileSync(file, code);
  return file;
}

/** For `Worker.create`: the bundle that global setup built. */
export function workflowBundle(): { codePath: string } {
  return { codePath: told('workflowBundle') };
}
