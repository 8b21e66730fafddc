/** What users hold, as objects that users who hold the same share. */
import { sql } from 'drizzle-orm';
import type { Holdings } from '../../domain/model/user';
import type { Queryable } from '../connect';
import { integerList } from '../sql';

/** Forgets everything when it has kept so many. */
const mostKept = 5_000;

export interface SharedHoldings {
  /** Reads those of these lists that it doesn't know yet. */
  read(holdingsNos: readonly number[]): Promise<void>;
  /** Of a list that was among the last ones read. */
  of(holdingsNo: number): Holdings;
}

export function createSharedHoldings(tx: Queryable): SharedHoldings {
  const known = new Map<number, Holdings>();
  return {
    async read(holdingsNos) {
      const asked = new Set(holdingsNos);
      if (known.size + asked.size > mostKept) known.clear();
      const missing = [...asked].filter((no) => !known.has(no));
      if (missing.length === 0) return;
      const { rows } = await tx.execute<{ no: number } & Holdings & Record<string, unknown>>(sql`
        SELECT h.holdings_no AS no, h.licenses, h.attendee_sites AS "attendeeSites"
        FROM mirror_holdings h WHERE h.holdings_no IN ${integerList(missing)}`);
      for (const { no, licenses, attendeeSites } of rows)
        known.set(no, { licenses, attendeeSites });
    },
    of(holdingsNo) {
      const holdings = known.get(holdingsNo);
      if (!holdings) throw new Error(`List ${holdingsNo} of holdings is not in the database`);
      return holdings;
    },
  };
}
