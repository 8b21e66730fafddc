import type { Request } from 'express';
import { Problem } from './problem';

/**
 * The bytes of a streamed body up to a limit; beyond it a 413. The request stays open when reading
 * ends early, so that it can be answered: call `leaveUnread` then.
 */
export async function* requestBytes(request: Request, limitBytes: number): AsyncGenerator<Buffer> {
  const tooLarge = () =>
    new Problem('payload-too-large', `The body must not be larger than ${limitBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  let read = 0;
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of chunks) {
    read += chunk.length;
    if (read > limitBytes) throw tooLarge();
    yield chunk;
  }
}

/** Lets go of what is left of a body after its answer is known. */
export function leaveUnread(request: Request): void {
  if (request.readableEnded || request.destroyed) return;
  request.res?.set('Connection', 'close');
  request.resume();
}
