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
const perSecond = sql`(${faster} * (p.state->>'currentPerSecond')::float8)`;

const statement = prepareStatement<{ slots: number; waitMs: number; stepMs: number }>(
  'pace-slots',
  sql`
    -- The row is the same for every write of the organization, and losing a slot in a power cut does no
    -- harm: its lock must not wait for the disk.
    WITH quick AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
    locked AS MATERIALIZED (
      SELECT p.org_id, p.next_write_at, make_interval(secs => 1 / ${perSecond}) AS step
      FROM org_pace p, quick WHERE p.org_id = ${sql.placeholder('orgId')}
      FOR NO KEY UPDATE OF p
    ), first AS MATERIALIZED (
      SELECT org_id, step, clock_timestamp() AS now,
        greatest(coalesce(next_write_at, '-infinity'), clock_timestamp() - ${early}) AS at
      FROM locked
    ), free AS MATERIALIZED (
      SELECT *, least(${sql.placeholder('wanted')}::int,
        greatest(0, ceil(extract(epoch FROM now + ${longestWait} - at)
          / extract(epoch FROM step))))::int AS slots
      FROM first
    ), taken AS (
      UPDATE org_pace p SET next_write_at = free.at + free.slots * free.step
      FROM free WHERE p.org_id = free.org_id AND free.slots > 0
    )
    SELECT slots, greatest(0, extract(epoch FROM at - now) * 1000)::float8 AS "waitMs",
      (extract(epoch FROM step) * 1000)::float8 AS "stepMs"
    FROM free`,
);

interface Answer {
  ok: (waitMs: number | null) => void;
  fail: (error: unknown) => void;
}

/** Calls of one organization that have asked for a slot: all that ask meanwhile go together. */
class PaceSlots {
  private waiting: Answer[] = [];
  private isAsking = false;

  constructor(
    private readonly db: Db,
    private readonly orgId: string,
  ) {}

  take(): Promise<number | null> {
    return new Promise((ok, fail) => {
      this.waiting.push({ ok, fail });
      if (!this.isAsking) void this.ask();
    });
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    while (this.waiting.length > 0) {
      const asked = this.waiting;
      this.waiting = [];
      try {
        const waits = await takeSlots(this.db, this.orgId, asked.length);
        asked.forEach(({ ok }, at) => ok(waits(at)));
      } catch (error) {
        asked.forEach(({ fail }) => fail(error));
      }
    }
    this.isAsking = false;
  }
}

const known = new WeakMap<Db, Map<string, PaceSlots>>();

/** How long to wait before the call; null where too many calls wait already. */
export function takePaceSlot(db: Db, orgId: string): Promise<number | null> {
  const ofDb = known.get(db) ?? new Map<string, PaceSlots>();
  known.set(db, ofDb);
  const slots = ofDb.get(orgId) ?? new PaceSlots(db, orgId);
  ofDb.set(orgId, slots);
  return slots.take();
}

/** Takes so many slots in a row, and says how long the call at each place waits. */
async function takeSlots(
  db: Db,
  orgId: string,
  wanted: number,
): Promise<(place: number) => number | null> {
  const [row] = await statement(db, { orgId, wanted });
  // An organization without a pace isn't slowed down.
  if (!row) return () => 0;
  const { slots, waitMs, stepMs } = row;
  return (place) => (place < slots ? waitMs + place * stepMs : null);
}
