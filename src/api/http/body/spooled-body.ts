import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Request } from 'express';
import { Problem } from '../problem';
import { leaveUnread, requestBytes } from './request-bytes';

/** A body that has arrived whole, in a temporary file of its own. */
export interface SpooledBody {
  /** SHA-256 of its bytes, hex. */
  digest: string;
  bytes: () => AsyncIterable<Buffer>;
}

/** Bodies that arrive at the same time: together they are the most that the temporary folder holds. */
const mostAtOnce = 64;
let arriving = 0;

/**
 * Reads a body up to a limit into a temporary file, then hands it to `use`: however slowly a client
 * sends, it holds no connection to the database. The file is removed in any case.
 */
export async function withSpooledBody<T>(
  request: Request,
  limits: { limitBytes: number; folder?: string | undefined },
  use: (body: SpooledBody) => Promise<T>,
): Promise<T> {
  if (arriving >= mostAtOnce) {
    leaveUnread(request);
    throw new Problem('too-many-requests', 'Too many files are being uploaded: try again later.', {
      headers: { 'Retry-After': '10' },
    });
  }
  arriving += 1;
  const folder = await mkdtemp(path.join(limits.folder ?? tmpdir(), 'seatwise-upload-')).catch(
    release,
  );
  try {
    const file = path.join(folder, 'body');
    const digest = await store(requestBytes(request, limits.limitBytes), file);
    return await use({ digest, bytes: () => createReadStream(file) as AsyncIterable<Buffer> });
  } catch (error) {
    leaveUnread(request);
    throw error;
  } finally {
    arriving -= 1;
    await rm(folder, { recursive: true, force: true });
  }
}

function release(error: unknown): never {
  arriving -= 1;
  throw error;
}

async function store(bytes: AsyncIterable<Buffer>, file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'wx', 0o600);
  try {
    for await (const chunk of bytes) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}
