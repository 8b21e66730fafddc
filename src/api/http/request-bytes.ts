import type { Request } from 'express';
import { Problem } from './problem';

const silenceMs = 60_000;

/**
 * The bytes of a streamed body up to a limit; beyond it a 413. The request stays open when reading
 * ends early, so that it can be answered: call `leaveUnread` then.
 */
export async function* requestBytes(request: Request, limitBytes: number): AsyncGenerator<Buffer> {
  const tooLarge = () =>
    new Problem('payload-too-large', `The body must not be larger than ${limitBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  // Whoever sends nothing any more must not hold a transaction open.
  request.setTimeout(silenceMs, () => request.destroy());
  let read = 0;
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  try {
    for (;;) {
      const next = await chunks.next().catch(endedEarly);
      if (next.done) return;
      read += next.value.length;
      if (read > limitBytes) throw tooLarge();
      yield next.value;
    }
  } finally {
    // What is done with the body may take its time.
    request.setTimeout(0);
  }
}

/** As the parser of other bodies calls it, so that it is told like theirs. */
function endedEarly(cause: unknown): never {
  throw Object.assign(new Error('the body ended early', { cause }), { type: 'request.aborted' });
}

/** Lets go of what is left of a body after its answer is known. */
export function leaveUnread(request: Request): void {
  if (request.readableEnded || request.destroyed) return;
  request.res?.set('Connection', 'close');
  request.resume();
}
