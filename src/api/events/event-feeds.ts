import type { Logger } from '../../logger';
import { EventFeed, type FeedState } from './event-feed';

/** Feeds without readers are kept for readers that reconnect, up to this many. */
const mostFeeds = 100;

/** The feeds of one process by what they follow: all readers of one thing share one feed. */
export class EventFeeds {
  private readonly feeds = new Map<string, EventFeed>();

  constructor(private readonly options: { logger: Logger; everyMs: number }) {}

  /** The feed of this key; `read` returns what it follows. */
  of(key: string, read: () => Promise<FeedState>): EventFeed {
    const { feeds } = this;
    const feed = feeds.get(key) ?? this.create(key, read);
    // A map keeps the order of insertion: the feed that was asked for last moves to the end.
    feeds.delete(key);
    feeds.set(key, feed);
    for (const [other, { isFollowed }] of feeds) {
      if (feeds.size <= mostFeeds) break;
      if (!isFollowed && other !== key) feeds.delete(other);
    }
    return feed;
  }

  private create(key: string, read: () => Promise<FeedState>): EventFeed {
    const { logger, everyMs } = this.options;
    return new EventFeed(read, {
      everyMs,
      firstId: Date.now(),
      onError: (err) => logger.warn({ err, feed: key }, 'the state of a feed could not be read'),
    });
  }
}
