/** Calls per operation and status since the start or the last reset. */
export class Counters {
  private counts = new Map<string, Map<number | 'reset', number>>();
  private kinds = { reads: 0, writes: 0 };

  count(operation: string, isWrite: boolean, status: number | 'reset'): void {
    const statuses = this.counts.get(operation) ?? new Map<number | 'reset', number>();
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    this.counts.set(operation, statuses);
    this.kinds[isWrite ? 'writes' : 'reads'] += 1;
  }

  read(): {
    reads: number;
    writes: number;
    byOperation: Record<string, Record<string, number>>;
    byStatus: Record<string, number>;
  } {
    const byStatus: Record<string, number> = {};
    const byOperation: Record<string, Record<string, number>> = {};
    for (const [operation, statuses] of this.counts) {
      byOperation[operation] = Object.fromEntries(statuses);
      for (const [status, count] of statuses) byStatus[status] = (byStatus[status] ?? 0) + count;
    }
    return { ...this.kinds, byOperation, byStatus };
  }

  reset(): void {
    this.counts = new Map();
    this.kinds = { reads: 0, writes: 0 };
  }
}
