/** A Seatwise of separate processes on servers of its own, all of which a test may kill and restart. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mintToken } from '../../src/api/http/callers/tokens';
import { searchAttributes } from '../../src/contract/search-attributes';
import { freePort } from '../../src/embedded/free-port';
import { startPostgres, type EmbeddedPostgres } from '../../src/embedded/start-postgres';
import { startTemporal, type EmbeddedTemporal } from '../../src/embedded/start-temporal';
import { startSimulator, type RunningSimulator } from '../../src/simulator/start-simulator';
import { told } from './environment';

const repository = path.resolve(__dirname, '../..');
const readyWithinMs = 90_000;

export interface Process {
  kill(): Promise<void>;
}

export class Processes {
  private readonly children = new Set<ChildProcess>();

  private constructor(
    readonly simulator: RunningSimulator,
    readonly apiUrl: string,
    readonly token: string,
    private readonly folder: string,
    private readonly ports: { postgres: number; temporal: number; api: number },
    private readonly env: Record<string, string>,
    private postgres: EmbeddedPostgres,
    private temporal: EmbeddedTemporal,
  ) {}

  /** Servers and simulator; the test starts API and workers. */
  static async open(options: { users: number; writesPerSecond: number }): Promise<Processes> {
    const folder = mkdtempSync(path.join(tmpdir(), 'seatwise-processes-'));
    const ports = { postgres: await freePort(), temporal: await freePort(), api: await freePort() };
    const postgres = await startPostgres({ folder, port: ports.postgres, isDurable: false });
    const temporal = await serveTemporal(folder, ports.temporal);
    const simulator = await startSimulator({ users: options.users, seed: 13 });
    const { token, hashLine } = mintToken('tester', 'admin');
    const env = {
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      WEBEX_BASE_URL: simulator.url,
      WEBEX_ACCESS_TOKEN: simulator.adminToken,
      WEBEX_WRITES_PER_SECOND: String(options.writesPerSecond),
      SEATWISE_TOKENS: hashLine,
      PORT: String(ports.api),
      LOG_LEVEL: 'error',
    };
    const apiUrl = `http://127.0.0.1:${ports.api}`;
    return new Processes(simulator, apiUrl, token, folder, ports, env, postgres, temporal);
  }

  startApi(): Promise<Process> {
    return this.start('api', `${this.apiUrl}/livez`, {});
  }

  async startWorker(): Promise<Process> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/readyz`;
    return this.start('worker', url, { WORKER_PORT: String(port) });
  }

  /** Away for this long. */
  async restartPostgres(awayMs: number): Promise<void> {
    await this.postgres.stop();
    await delay(awayMs);
    const { folder, ports } = this;
    this.postgres = await startPostgres({ folder, port: ports.postgres, isDurable: false });
  }

  async restartTemporal(awayMs: number): Promise<void> {
    await this.stopTemporal();
    await delay(awayMs);
    await this.startTemporal();
  }

  stopTemporal(): Promise<void> {
    return this.temporal.stop();
  }

  async startTemporal(): Promise<void> {
    this.temporal = await serveTemporal(this.folder, this.ports.temporal);
  }

  async close(): Promise<void> {
    for (const child of this.children) await end(child);
    await this.simulator.close();
    await this.temporal.stop();
    await this.postgres.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async start(
    entry: 'api' | 'worker',
    readyUrl: string,
    env: Record<string, string>,
  ): Promise<Process> {
    const child = spawn(process.execPath, ['-r', 'tsx/cjs', `src/bin/${entry}.ts`], {
      cwd: repository,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...this.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.children.add(child);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-4_000)));
    const endAt = Date.now() + readyWithinMs;
    while (!(await isReady(readyUrl))) {
      if (child.exitCode !== null) throw new Error(`${entry} ended: ${said}`);
      if (Date.now() > endAt) throw new Error(`${entry} is not ready: ${said}`);
      await delay(100);
    }
    return {
      kill: async () => {
        this.children.delete(child);
        await end(child);
      },
    };
  }
}

function serveTemporal(folder: string, port: number): Promise<EmbeddedTemporal> {
  const cliPath = told('temporalCliPath');
  return startTemporal({ cliPath, folder, port, keepsData: true, uiPort: null, searchAttributes });
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** By SIGKILL: nothing gets a chance to tidy up. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
}
