import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { told } from '../support/environment';
import { waitFor } from '../support/wait-for';

interface Started {
  process: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
}

const saidWithin = { withinMs: 150_000 };
const root = path.resolve(__dirname, '../..');

describe('npm start', () => {
  let folder: string;
  const started: Started[] = [];

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'seatwise-start-'));
  });
  afterEach(async () => {
    for (const { process: child, ended } of started.splice(0)) {
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  function start(): Started {
    const child = spawn(process.execPath, ['scripts/run.mjs', 'start', '--users', '20'], {
      cwd: root,
      env: {
        ...process.env,
        DATA_DIR: folder,
        PORT: '0',
        TEMPORAL_CLI_PATH: told('temporalCliPath'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const one = { process: child, output: () => text, ended };
    started.push(one);
    return one;
  }

  async function untilSaid(one: Started, what: RegExp): Promise<RegExpExecArray> {
    const found = () => what.exec(one.output());
    const hasEnded = () => one.process.exitCode !== null;
    await waitFor(String(what), () => found() !== null || hasEnded(), saidWithin).catch(() => null);
    const said = found();
    if (said === null) throw new Error(`it never said ${String(what)} but:\n${one.output()}`);
    return said;
  }

  /** Living processes whose command line names the data folder: servers and their guards. */
  function left(): string[] {
    const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
    return lines.filter((line) => line.includes(folder));
  }

  it('is refused a second time, survives a SIGKILL, and leaves nothing behind', async () => {
    const first = start();
    const [, token] = await untilSaid(first, /(seatwise_\S+)\n/);
    await untilSaid(first, /Ctrl-C stops everything/);

    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/Another Seatwise is running on .+: stop it first/);

    first.process.kill('SIGKILL');
    await first.ended;
    const third = start();
    const [, again] = await untilSaid(third, /(seatwise_\S+)\n/);
    expect(again).toBe(token);
    const [, url] = await untilSaid(third, /API {2,}(http:\S+)/);
    await untilSaid(third, /Ctrl-C stops everything/);
    const answer = await fetch(`${String(url)}/v1/organizations`, {
      headers: { authorization: `Bearer ${String(token)}` },
    });
    expect(await answer.json()).toMatchObject({
      items: [{ observedAt: expect.stringMatching(/^\d{4}-/) }],
    });
    expect(left()).not.toEqual([]);

    third.process.kill('SIGTERM');
    expect(await third.ended).toBe(0);
    expect(left()).toEqual([]);
  });
});
