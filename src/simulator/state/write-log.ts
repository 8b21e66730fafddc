/** One writing call in the log: holdings by key, so that a million entries fit into memory. */
export interface LoggedWrite {
  /** 1-based, without gaps. */
  seq: number;
  operation: string;
  method: string;
  path: string;
  /** Wall clock, milliseconds. */
  arrivedAt: number;
  /** When the work was done or refused. */
  completedAt: number;
  /** When the caller had the whole answer; null: it never arrived. */
  answeredAt: number | null;
  token: string;
  trackingId: string;
  personId: string | null;
  body: unknown;
  before: { holding: number; exists: boolean } | null;
  after: { holding: number; exists: boolean } | null;
  /** The status of the answer; null: the connection was reset. */
  statusTold: number | null;
  /** The status of the work itself, whatever was answered; null: it never began. */
  statusDone: number | null;
  faults: string[];
  /** Whether anything changed. */
  isEffective: boolean;
}

/** All writes since the start or the last reset, in order of completion. */
export class WriteLog {
  private entries: LoggedWrite[] = [];
  private firstSeq = 1;

  get nextSeq(): number {
    return this.firstSeq + this.entries.length;
  }

  add(entry: LoggedWrite): void {
    this.entries.push(entry);
  }

  /** Entries after `since`, at most `limit`. */
  read(since: number, limit: number): LoggedWrite[] {
    const from = Math.max(0, since - this.firstSeq + 1);
    return this.entries.slice(from, from + limit);
  }

  get size(): number {
    return this.entries.length;
  }

  /** Removes all entries; the numbering continues. */
  reset(nextSeq = this.nextSeq): void {
    this.firstSeq = nextSeq;
    this.entries = [];
  }
}
