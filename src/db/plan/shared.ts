/** What many users have in common: read once, and the same object for all of them. */
import { sql } from 'drizzle-orm';
import type { Holdings } from '../../domain/model/user';
import type { PlanContent } from '../../domain/plan/plan-content';
import type { Queryable } from '../connect';
import { integerList } from '../sql';

/** Forgets everything when it would keep more. */
const mostKept = 5_000;

export interface Shared<Value> {
  /** Reads those with these numbers that it doesn't know yet. */
  read(numbers: readonly number[]): Promise<void>;
  /** One of those that were asked for last. */
  of(number: number): Value;
}

/** What users of the mirror hold, as the last read showed it. */
export function sharedHoldings(tx: Queryable): Shared<Holdings> {
  return shared(async (missing) => {
    const { rows } = await tx.execute<{ no: number } & Holdings & Record<string, unknown>>(sql`
      SELECT h.holdings_no AS no, h.licenses, h.attendee_sites AS "attendeeSites"
      FROM mirror_holdings h WHERE h.holdings_no IN ${integerList(missing)}`);
    return rows.map(({ no, licenses, attendeeSites }) => [no, { licenses, attendeeSites }]);
  });
}

export type StoredContent = Pick<PlanContent, 'before' | 'changes' | 'waiting' | 'blocked'>;

/** The contents of a stored plan. */
export function sharedContents(tx: Queryable, rolloutId: string): Shared<StoredContent> {
  return shared(async (missing) => {
    const { rows } = await tx.execute<{ no: number } & StoredContent & Record<string, unknown>>(sql`
      SELECT c.content AS no, c.before, c.changes, c.waiting, c.blocked
      FROM rollout_content c
      WHERE c.rollout_id = ${rolloutId} AND c.content IN ${integerList(missing)}`);
    return rows.map(({ no, ...content }) => [no, content]);
  });
}

function shared<Value>(
  readMissing: (missing: readonly number[]) => Promise<(readonly [number, Value])[]>,
): Shared<Value> {
  const known = new Map<number, Value>();
  return {
    async read(numbers) {
      const asked = new Set(numbers);
      if (known.size + asked.size > mostKept) known.clear();
      const missing = [...asked].filter((number) => !known.has(number));
      if (missing.length === 0) return;
      for (const [number, value] of await readMissing(missing)) known.set(number, value);
    },
    of(number) {
      const value = known.get(number);
      if (value === undefined) throw new Error(`Number ${number} is not in the database`);
      return value;
    },
  };
}
