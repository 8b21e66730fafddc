import path from 'node:path';
import { freePort } from '../../src/embedded/free-port';
import { measuredProcess, type MeasuredProcess } from './measured-process';
import { answers, startProcess } from './start-process';

export interface ApiProcess extends MeasuredProcess {
  url: string;
}

/** Starts the API in a process of its own and waits until it answers. */
export async function startApiProcess(options: {
  folder: string;
  env: Record<string, string>;
}): Promise<ApiProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = await startProcess({
    entry: 'bench/processes/bench-api.ts',
    env: { ...options.env, HOST: '127.0.0.1', PORT: String(port) },
    logFile: path.join(options.folder, 'api.log'),
    probe: () => answers(`${url}/livez`),
  });
  return { url, ...measuredProcess('The API', started) };
}
