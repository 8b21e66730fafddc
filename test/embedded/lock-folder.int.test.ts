import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockFolder } from '../../src/embedded/lock-folder';

describe('lockFolder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'seatwise-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('grants a folder to one holder at a time', async () => {
    const first = await lockFolder(folder);
    expect(first).not.toBeNull();
    expect(await lockFolder(folder)).toBeNull();
    expect(await lockFolder(path.join(folder, '.'))).toBeNull();
    await first?.release();
    const second = await lockFolder(folder);
    expect(second).not.toBeNull();
    await second?.release();
  });

  it('is free at once when its holder was killed', async () => {
    const module = path.resolve(__dirname, '../../src/embedded/lock-folder.ts');
    const script = `require(${JSON.stringify(module)}).lockFolder(${JSON.stringify(folder)})
      .then(() => process.stdout.write('held')); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--import', 'tsx', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(await lockFolder(folder)).toBeNull();
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const lock = await lockFolder(folder);
    expect(lock).not.toBeNull();
    await lock?.release();
  });
});
