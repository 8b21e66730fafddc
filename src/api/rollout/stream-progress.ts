import type { Request, Response } from 'express';
import { isLast, type FeedEvent, type ProgressFeed } from './progress-feed';

/** A reader that lets this much pile up is cut off: it comes back with `Last-Event-ID`. */
const mostUnreadBytes = 1024 * 1024;

/**
 * Server-sent events: `snapshot` first, or what came after `Last-Event-ID`, or `resync` and a snapshot
 * where that is not known any more; then `progress`; `end` once the rollout has ended.
 */
export async function streamProgress(
  { request, response }: { request: Request; response: Response },
  feed: ProgressFeed,
  heartbeatEveryMs: number,
): Promise<void> {
  const newest = await feed.newest();
  // Whoever left meanwhile would never be heard to leave.
  if (response.closed) return;
  const lastSeen = lastEventId(request);
  if (lastSeen === newest.id && isLast(newest)) {
    // The way to tell an EventSource not to come back.
    response.status(204).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const send = (name: string, { id, progress }: FeedEvent) => {
    response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(progress)}\n\n`);
    if (response.writableLength > mostUnreadBytes) response.destroy();
  };

  const missed = lastSeen === null ? undefined : feed.since(lastSeen);
  if (missed) {
    response.write(': going on\n\n');
    for (const event of missed) send('progress', event);
  } else {
    if (lastSeen !== null) response.write('event: resync\ndata: {}\n\n');
    send('snapshot', newest);
  }
  if (isLast(newest)) {
    end(response);
    return;
  }
  const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), heartbeatEveryMs);
  const leave = feed.follow((event) => {
    send('progress', event);
    if (isLast(event)) end(response);
  });
  response.on('close', () => {
    clearInterval(heartbeat);
    leave();
  });
}

function end(response: Response): void {
  response.end('event: end\ndata: {}\n\n');
}

function lastEventId(request: Request): number | null {
  const given = request.get('Last-Event-ID');
  if (given === undefined || given === '') return null;
  const id = Number(given);
  // Anything else was never sent by us: it is as unknown as a forgotten one.
  return Number.isSafeInteger(id) ? id : -1;
}
