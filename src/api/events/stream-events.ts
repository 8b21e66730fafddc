import type { Request, Response } from 'express';
import type { EventFeed, FeedEvent } from './event-feed';

/** A reader with this much unread is disconnected: it reconnects with `Last-Event-ID`. */
const mostUnreadBytes = 1024 * 1024;

/**
 * Server-sent events: `snapshot` first, or what followed `Last-Event-ID`, or `resync` and a snapshot
 * if that is no longer known; then `progress`; after the last one `end`, which has the same data.
 */
export async function streamEvents(
  { request, response }: { request: Request; response: Response },
  feed: EventFeed,
  heartbeatEveryMs: number,
): Promise<void> {
  const newest = await feed.newest();
  // A reader that has disconnected by now would never be heard to close.
  if (response.closed) return;
  const lastSeen = lastEventId(request);
  if (lastSeen === newest.id && newest.isLast) {
    // This stops an EventSource from reconnecting.
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
  begin(response, { feed, lastSeen, newest });
  if (newest.isLast) {
    end(response, newest);
    return;
  }
  const heartbeat = setInterval(() => response.write(': heartbeat\n\n'), heartbeatEveryMs);
  const leave = feed.follow((event) => {
    send(response, 'progress', event);
    if (event.isLast) end(response, event);
  });
  response.on('close', () => {
    clearInterval(heartbeat);
    leave();
  });
}

/** What a reader has missed, or the state as it is. */
function begin(
  response: Response,
  from: { feed: EventFeed; lastSeen: number | null; newest: FeedEvent },
): void {
  const { feed, lastSeen, newest } = from;
  const missed = lastSeen === null ? undefined : feed.since(lastSeen);
  if (missed) {
    response.write(': going on\n\n');
    for (const event of missed) send(response, 'progress', event);
    return;
  }
  if (lastSeen !== null) response.write('event: resync\ndata: {}\n\n');
  send(response, 'snapshot', newest);
}

function send(response: Response, name: string, { id, data }: FeedEvent): void {
  response.write(`id: ${id}\nevent: ${name}\ndata: ${data}\n\n`);
  if (response.writableLength > mostUnreadBytes) response.destroy();
}

/** Without an id of its own: readers that reconnect name the last event before it. */
function end(response: Response, { data }: FeedEvent): void {
  response.end(`event: end\ndata: ${data}\n\n`);
}

function lastEventId(request: Request): number | null {
  const given = request.get('Last-Event-ID');
  if (given === undefined || given === '') return null;
  const id = Number(given);
  // Anything else was never sent by this API: it counts as unknown.
  return Number.isSafeInteger(id) ? id : -1;
}
