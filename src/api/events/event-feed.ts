/** What is followed: its state as JSON, and whether it is the last one. */
export interface FeedState {
  data: string;
  isLast: boolean;
}
export interface FeedEvent extends FeedState {
  id: number;
}

/** Reconnecting readers get what they missed from this many events. */
const keptEvents = 200;

/**
 * The changes of one state, numbered, for any number of readers: the state is read once for all of
 * them. Numbers begin at the clock, so that those of an earlier process are always smaller.
 */
export class EventFeed {
  private events: FeedEvent[] = [];
  private readonly readers = new Set<(event: FeedEvent) => void>();
  private timer: NodeJS.Timeout | undefined;
  private reading: Promise<void> | undefined;
  private nextId: number;

  constructor(
    private readonly read: () => Promise<FeedState>,
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

  /** The newest event; read now if nobody follows. */
  async newest(): Promise<FeedEvent> {
    if (!this.isFollowed || this.events.length === 0) await this.readOnce();
    const last = this.events.at(-1);
    if (!last) throw new Error('a feed has no event after a read');
    return last;
  }

  /** Events after this one; undefined if they are no longer known here. */
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
      this.readOnce().catch(this.options.onError);
    }, this.options.everyMs);
    return () => {
      this.readers.delete(reader);
      if (this.readers.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private readOnce(): Promise<void> {
    this.reading ??= this.read()
      .then((state) => this.publish(state))
      .finally(() => (this.reading = undefined));
    return this.reading;
  }

  private publish(state: FeedState): void {
    if (this.events.at(-1)?.data === state.data) return;
    const event = { ...state, id: this.nextId };
    this.nextId += 1;
    this.events = [...this.events.slice(1 - keptEvents), event];
    for (const reader of this.readers) reader(event);
  }
}
