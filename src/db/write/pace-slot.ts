/** When a permitted call may begin: the calls of an organization follow each other at its pace. */
import { sql } from 'drizzle-orm';
import type { Db } from '../connect';
import { prepareStatement } from '../prepare-statement';

/** A call that would have to wait longer gets no slot. */
const longestWait = sql.raw("interval '1200 milliseconds'");
/** How much a call may be early, so that small delays of others don't slow the pace down. */
const early = sql.raw("interval '20 milliseconds'");
/** The queue keeps the pace; slots only spread what comes at once, and so are a little faster. */
const faster = sql.raw('1.05');
const step = sql`make_interval(secs => 1 / (${faster} * (p.state->>'currentPerSecond')::float8))`;

const statement = prepareStatement<{ waitMs: number | null; isPaced: boolean }>(
  'pace-slot',
  sql`
    -- The row is the same for every write of the organization, and losing a slot in a power cut does no
    -- harm: its lock must not wait for the disk.
    WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
    slot AS (
      UPDATE org_pace p SET next_write_at = ${step}
        + greatest(coalesce(p.next_write_at, '-infinity'), clock_timestamp() - ${early})
      FROM quick
      WHERE p.org_id = ${sql.placeholder('orgId')}
        AND coalesce(p.next_write_at, '-infinity') < clock_timestamp() + ${longestWait}
      RETURNING extract(epoch FROM p.next_write_at - ${step} - clock_timestamp()) * 1000 AS wait_ms
    )
    SELECT (SELECT greatest(0, wait_ms)::float8 FROM slot) AS "waitMs",
      EXISTS (SELECT 1 FROM org_pace p WHERE p.org_id = ${sql.placeholder('orgId')}) AS "isPaced"`,
);

/** How long to wait before the call; null where too many calls wait already. */
export async function takePaceSlot(db: Db, orgId: string): Promise<number | null> {
  const [row] = await statement(db, { orgId });
  return row?.isPaced === true ? row.waitMs : 0;
}
