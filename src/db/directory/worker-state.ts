/** What the workers of an organization tell of themselves, so that people see when none is there. */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { isoText } from '../sql';

/** A worker that hasn't told anything for this long is away: it tells every ten seconds. */
const patience = sql.raw(`interval '60 seconds'`);
/** One that says that it can't reach Temporal is believed sooner: unless another one can. */
const temporalPatience = sql.raw(`interval '15 seconds'`);

/** A worker is there, or can't check its token. Of several workers, one that can work is enough. */
export async function recordWorker(
  db: Queryable,
  orgId: string,
  trouble: string | null,
): Promise<void> {
  await db.execute(
    trouble === null
      ? sql`INSERT INTO worker_state (org_id, seen_at) VALUES (${orgId}, clock_timestamp())
          ON CONFLICT (org_id) DO UPDATE SET seen_at = excluded.seen_at,
            temporal_away_since = NULL, temporal_away_at = NULL`
      : sql`INSERT INTO worker_state (org_id, trouble, trouble_at)
          VALUES (${orgId}, ${trouble}, clock_timestamp())
          ON CONFLICT (org_id) DO UPDATE SET trouble = excluded.trouble,
            trouble_at = excluded.trouble_at`,
  );
}

/** A worker is there and can't reach Temporal. */
export async function recordTemporalAway(db: Queryable, orgId: string): Promise<void> {
  await db.execute(sql`
    INSERT INTO worker_state AS w (org_id, temporal_away_since, temporal_away_at)
    VALUES (${orgId}, clock_timestamp(), clock_timestamp())
    ON CONFLICT (org_id) DO UPDATE SET temporal_away_at = excluded.temporal_away_at,
      temporal_away_since = coalesce(w.temporal_away_since, excluded.temporal_away_since)`);
}

export interface WorkerAway {
  /** When a worker was last able to work; null: none has been yet. */
  since: string | null;
  /** Why one that is there can't work. */
  trouble: string | null;
  /** Since when Temporal can't be reached: then no worker is to blame. */
  temporalAwaySince: string | null;
}

const isTemporalAway = sql`(temporal_away_at > clock_timestamp() - ${patience}
  AND (seen_at IS NULL OR seen_at < clock_timestamp() - ${temporalPatience}))`;

/** Null: a worker is there, or nobody has ever looked. */
export async function readWorkerAway(db: Queryable, orgId: string): Promise<WorkerAway | null> {
  const { rows } = await db.execute<WorkerAway & Record<string, unknown>>(sql`
    SELECT ${isoText('seen_at')} AS since,
      CASE WHEN trouble_at > clock_timestamp() - ${patience} THEN trouble END AS trouble,
      CASE WHEN ${isTemporalAway} THEN ${isoText('temporal_away_since')} END AS "temporalAwaySince"
    FROM worker_state WHERE org_id = ${orgId}
      AND (seen_at IS NULL OR seen_at < clock_timestamp() - ${patience} OR ${isTemporalAway})`);
  const [away] = rows;
  if (!away) return null;
  const { since, trouble, temporalAwaySince } = away;
  return { since, trouble, temporalAwaySince };
}
