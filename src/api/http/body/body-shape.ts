import type { Fault } from '../problem';

/** More values than the largest valid body has; each could become a fault of its own. */
const mostValues = 100_000;
/** Deeper than any valid body. */
const deepest = 64;

/**
 * A fault where a body has more values, or more values inside values, than any valid one: reading it
 * any further would keep everybody else waiting.
 */
export function shapeFault(body: unknown): Fault | null {
  let level: unknown[] = [body];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length;
    if (values > mostValues) {
      return fault('out-of-range', `A body can have at most ${mostValues} values.`);
    }
    if (depth > deepest) {
      return fault('out-of-range', `Values can be at most ${deepest} levels inside each other.`);
    }
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const inner of Object.values(value)) next.push(inner);
    }
    level = next;
  }
  return null;
}

function fault(code: string, detail: string): Fault {
  return { pointer: '', code, detail };
}
