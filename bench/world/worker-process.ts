import path from 'node:path';
import { freePort } from '../../src/embedded/free-port';
import { measuredProcess, type MeasuredProcess } from './measured-process';
import { workflowBundle } from './workflow-bundle';
import { answers, startProcess } from './start-process';

/** `product` is `npm run worker`; `bench` is the same with a bundle that includes the peers' workflows. */
export type WorkerKind = 'product' | 'bench' | 'naive';

const entries: Record<WorkerKind, string> = {
  product: 'src/bin/worker.ts',
  bench: 'bench/processes/bench-worker.ts',
  naive: 'bench/processes/naive-worker.ts',
};

/** Starts a worker process and waits until it polls. Only `bench` prints its peak memory. */
export async function startWorkerProcess(options: {
  kind: WorkerKind;
  folder: string;
  name: string;
  env: Record<string, string>;
}): Promise<MeasuredProcess> {
  const { kind, folder, name } = options;
  const port = await freePort();
  const started = await startProcess({
    entry: entries[kind],
    env: {
      ...options.env,
      WORKER_PORT: String(port),
      ...(kind === 'product' ? {} : { BENCH_WORKFLOWS: await workflowBundle() }),
    },
    logFile: path.join(folder, `${name}.log`),
    probe: () => answers(`http://127.0.0.1:${port}/readyz`),
  });
  return measuredProcess('The worker', started);
}
