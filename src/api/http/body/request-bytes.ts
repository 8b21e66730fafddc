import type { Request } from 'express';
import { Problem } from '../problem';

const silenceMs = 60_000;

/**
 * The bytes of a streamed body up to a limit; beyond it a 413. The request stays open when reading
 * ends early, so that it can be answered: call `leaveUnread` then.
 */
export async function* requestBytes(request: Request, limitBytes: number): AsyncGenerator<Buffer> {
  const tooLarge = () =>
    new Problem('payload-too-large', `The body must not be larger than ${limitBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  // A sender that has gone silent must not hold the request open.
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
    // Handling the body has no time limit.
    request.setTimeout(0);
  }
}

/** The same error type as the JSON parser's, so that the answer is the same. */
function endedEarly(cause: unknown): never {
  throw Object.assign(new Error('the body ended early', { cause }), { type: 'request.aborted' });
}

/** Discards the rest of a body once its answer is known. */
export function leaveUnread(request: Request): void {
  if (request.readableEnded || request.destroyed) return;
  request.res?.set('Connection', 'close');
  request.resume();
}
