import { isFinal } from '../../domain/rollout/rollout-phase';
import type { ProgressView } from './progress-view';

export interface FeedEvent {
  id: number;
  progress: ProgressView;
}

/** Reconnecting readers get what they missed from this many events. */
const keptEvents = 200;

/**
 * The changes of one rollout's progress, numbered, for any number of readers: looked up once for all
 * of them. Numbers begin at the clock, so that those of an earlier process are always smaller.
 */
export class ProgressFeed {
  private events: FeedEvent[] = [];
  private readonly readers = new Set<(event: FeedEvent) => void>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private nextId: number;

  constructor(
    private readonly look: () => Promise<ProgressView>,
    private readonly options: {
      everyMs: number;
      firstId: number;
      onError: (error: unknown) => void;
    },
  ) {
    this.nextId = options.firstId;
  }

  get isFollowed(): boolean {
    return this.readers.size > 0;
  }

  /** The newest event; where nobody follows, after a look. */
  async newest(): Promise<FeedEvent> {
    if (!this.isFollowed || this.events.length === 0) await this.lookOnce();
    const last = this.events.at(-1);
    if (!last) throw new Error('no progress was found');
    return last;
  }

  /** Events after this one; undefined where they are not known here (any more). */
  since(id: number): FeedEvent[] | undefined {
    const [first] = this.events;
    const last = this.events.at(-1);
    if (!first || !last || id < first.id || id > last.id) return undefined;
    return this.events.filter((event) => event.id > id);
  }

  /** Calls back for every later event until the returned function is called. */
  follow(reader: (event: FeedEvent) => void): () => void {
    this.readers.add(reader);
    this.timer ??= setInterval(() => {
      this.lookOnce().catch(this.options.onError);
    }, this.options.everyMs);
    return () => {
      this.readers.delete(reader);
      if (this.readers.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private lookOnce(): Promise<void> {
    this.looking ??= this.look()
      .then((progress) => this.take(progress))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private take(progress: ProgressView): void {
    const last = this.events.at(-1);
    if (last && JSON.stringify(last.progress) === JSON.stringify(progress)) return;
    const event = { id: this.nextId, progress };
    this.nextId += 1;
    this.events = [...this.events.slice(1 - keptEvents), event];
    for (const reader of this.readers) reader(event);
  }
}

export function isLast(event: FeedEvent): boolean {
  return isFinal(event.progress.phase);
}
