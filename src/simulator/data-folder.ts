import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ErrorForPeople } from '../error-for-people';
import { folderFiles } from './organization/read-folder';
import type { JournalRecord } from './state/simulator';

const originSchema = z.object({
  users: z.number(),
  seed: z.number(),
  /** The organization was loaded from a folder; copies of its files are kept next to this one. */
  fromFolder: z.boolean(),
  adminToken: z.string(),
});

/** Accesses a file; turns errors of the file system or of its content into one sentence. */
function withFile<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown';
    throw new ErrorForPeople(`${file} can't be used: ${why}.`);
  }
}

/** How the organization was made, before the first write. */
export type Origin = z.infer<typeof originSchema>;

/** The origin that this data folder keeps, or undefined if it is new. */
export function readOrigin(dataDir: string): Origin | undefined {
  const file = join(dataDir, 'origin.json');
  if (!existsSync(file)) return undefined;
  return withFile(file, () => readOriginText(readFileSync(file, 'utf8')));
}

function readOriginText(text: string): Origin {
  const origin = originSchema.safeParse(JSON.parse(text));
  if (origin.success) return origin.data;
  throw new Error('it says nothing about where the organization came from');
}

/** Where a data folder keeps its copy of an organization's files. */
export function keptOrganization(dataDir: string): string {
  return join(dataDir, 'org');
}

/** Creates a data folder that keeps how the organization was made. */
export function keepOrigin(dataDir: string, origin: Origin, orgDir: string | undefined): void {
  withFile(dataDir, () => mkdirSync(dataDir, { recursive: true }));
  if (orgDir !== undefined) {
    mkdirSync(keptOrganization(dataDir), { recursive: true });
    for (const file of folderFiles.filter((one) => existsSync(join(orgDir, one)))) {
      copyFileSync(join(orgDir, file), join(keptOrganization(dataDir), file));
    }
  }
  // Written to another file and renamed: a partly written origin would make the folder unusable.
  const file = join(dataDir, 'origin.json');
  writeFileSync(`${file}.new`, JSON.stringify(origin));
  renameSync(`${file}.new`, file);
}

export interface Journal {
  append(record: JournalRecord): void;
  close(): void;
}

/** Replays the journal of this folder and opens it for appending. */
export async function openJournal(
  dataDir: string,
  replay: (record: JournalRecord) => void,
): Promise<Journal> {
  const file = join(dataDir, 'journal.ndjson');
  if (existsSync(file)) truncateSync(file, await replayWholeLines(file, replay));
  const descriptor = withFile(file, () => openSync(file, 'a'));
  return {
    append: (record) => void writeSync(descriptor, `${JSON.stringify(record)}\n`),
    close: () => closeSync(descriptor),
  };
}

/** Replays every complete line and returns where the last one ends: a kill may have cut the next. */
async function replayWholeLines(
  file: string,
  replay: (record: JournalRecord) => void,
): Promise<number> {
  let end = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    const data = Buffer.concat([rest, chunk as Buffer]);
    let from = 0;
    for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, from)) {
      const line = data.toString('utf8', from, at);
      replay(withFile(file, () => JSON.parse(line) as JournalRecord));
      end += at + 1 - from;
      from = at + 1;
    }
    rest = data.subarray(from);
  }
  return end;
}
