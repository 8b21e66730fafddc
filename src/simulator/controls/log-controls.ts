import type { Simulator } from '../state/simulator';
import type { LoggedWrite } from '../state/write-log';
import { queryNumber, type Control, type ControlCall } from './control';

/** The log of writes. */
export const logControls: Control[] = [
  {
    method: 'GET',
    path: '/_simulator/writes',
    summary: 'Shows the log of writes: ?since=<seq>&limit=1000, or &format=ndjson for all entries.',
    handle: readLog,
  },
  {
    method: 'DELETE',
    path: '/_simulator/writes',
    summary: 'Empties the log of writes; the numbering continues.',
    handle: ({ simulator }) => {
      simulator.record({ logReset: simulator.log.nextSeq });
      return { status: 204 };
    },
  },
];

function readLog({ simulator, query }: ControlCall): { body?: unknown; lines?: Iterable<unknown> } {
  const since = queryNumber(query, 'since', 0);
  if (query.get('format') === 'ndjson') {
    const limit = queryNumber(query, 'limit', Number.MAX_SAFE_INTEGER);
    return { lines: rendered(simulator, simulator.log.read(since, limit)) };
  }
  const limit = Math.min(10_000, queryNumber(query, 'limit', 1000));
  const entries = simulator.log.read(since, limit);
  const last = entries.at(-1)?.seq ?? since;
  const hasMore = last + 1 < simulator.log.nextSeq;
  return {
    body: {
      items: [...rendered(simulator, entries)],
      next: hasMore ? last : null,
      total: simulator.log.size,
    },
  };
}

function* rendered(simulator: Simulator, entries: readonly LoggedWrite[]): Generator {
  for (const entry of entries) yield renderWrite(simulator, entry);
}

/** A line of the log as the controls show it. */
export function renderWrite(simulator: Simulator, entry: LoggedWrite): Record<string, unknown> {
  const { catalog } = simulator.organization;
  const holdings = (side: LoggedWrite['before']): unknown => {
    if (!side) return null;
    const { ids, attendeeSites } = catalog.holding(side.holding);
    return { exists: side.exists, licenses: ids, attendeeSites };
  };
  const time = (at: number | null): string | null =>
    at === null ? null : new Date(at).toISOString();
  return {
    ...entry,
    arrivedAt: time(entry.arrivedAt),
    completedAt: time(entry.completedAt),
    answeredAt: time(entry.answeredAt),
    before: holdings(entry.before),
    after: holdings(entry.after),
    toldFailure: entry.statusTold === null || entry.statusTold >= 400,
  };
}
