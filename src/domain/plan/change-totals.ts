import type { Operation } from '../model/change';
import { compareText } from '../model/text/compare-text';
import type { ChangeTotal } from './plan-summary';

/** How often each change is made. */
export interface ChangeTotals {
  /** For attendee accounts `offer` is `attendee`. */
  add(operation: Operation, offer: string, site: string | null): void;
  sum(operation: Operation): number;
  list(): ChangeTotal[];
}

export function createChangeTotals(): ChangeTotals {
  const totals = new Map<string, ChangeTotal>();
  return {
    add(operation, offer, site) {
      const key = `${operation} ${offer} ${site ?? ''}`;
      const total = totals.get(key);
      if (total) total.users += 1;
      else totals.set(key, { operation, offer, site, users: 1 });
    },
    sum: (operation) =>
      [...totals.values()].reduce((n, one) => n + (one.operation === operation ? one.users : 0), 0),
    list: () => [...totals].sort(([a], [b]) => compareText(b, a)).map(([, total]) => total),
  };
}
