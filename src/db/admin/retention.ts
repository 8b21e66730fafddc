import { sql, type SQL } from 'drizzle-orm';
import type { Db } from '../connect';
import { hasLostUnit, isWaiting } from '../sql';

/** Rows per statement: a purge must not hold locks for long. */
const rowsPerTurn = 5_000;
/** How long an answered request can be repeated with its key. */
const keyDays = 30;

/** The user of the row still waits for a unit, is owed something, or is still verified (R99). */
const isOwed = sql`(r.started_at IS NOT NULL AND (${isWaiting('u')} OR u.put_back IS NOT NULL
  OR u.restored IS NOT NULL
  OR ${hasLostUnit('u')} OR r.verifying_until IS NOT NULL))`;

/** A rollout that hasn't ended is planned from the import \`i\`: it is decided again before each wave (R101). */
const isInUse = sql`EXISTS (SELECT 1 FROM rollout r WHERE r.org_id = i.org_id AND r.ended_at IS NULL
  AND r.request->'change'->>'importId' = i.import_id::text)`;

/** A group that nobody reads any more still lists a user: that stays until it is read, with the id. */
const forgetUsers = (before: SQL) => sql`
  WITH forgotten AS (
    SELECT d.user_no, d.person_id FROM directory_user d WHERE d.gone_at < ${before}
      AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.org_id = d.org_id AND l.person_id = d.person_id)
      AND NOT EXISTS (SELECT 1 FROM provenance p
        WHERE p.org_id = d.org_id AND p.person_id = d.person_id)
    LIMIT ${rowsPerTurn}
  ), listed AS (
    DELETE FROM mirror_member m USING forgotten f WHERE m.user_no = f.user_no RETURNING m.*, f.person_id
  ), kept AS (
    INSERT INTO mirror_other_member (group_no, member_id, type, first_seen_at, missing_since,
      missing_checks, counted_at)
    SELECT group_no, person_id, 'user', first_seen_at, missing_since, missing_checks, counted_at
    FROM listed ON CONFLICT (group_no, member_id) DO NOTHING
  )
  DELETE FROM mirror_user d USING forgotten f WHERE d.user_no = f.user_no AND d.gone_at < ${before}`;

/**
 * Deletes rows of rollouts that ended, CSV imports, and users who left, more than `retentionDays` ago, and
 * expired request keys. Rollouts, their plan summaries and the audit are kept; ledger and provenance of
 * users who left are deleted. Rows of users who still wait for a unit, are owed one or are still verified
 * are kept (R107, R95, R99) until they leave, and imports until their rollout has ended. One bounded turn; returns the number of deleted rows.
 */
export async function purge(db: Db, retentionDays: number): Promise<number> {
  const before = sql`now() - make_interval(days => ${retentionDays}::int)`;
  const keysBefore = sql`now() - make_interval(days => ${keyDays}::int)`;
  const statements = [
    sql`DELETE FROM rollout_row WHERE (rollout_id, seq) IN (
      SELECT u.rollout_id, u.seq FROM rollout_user u JOIN rollout r USING (rollout_id)
      WHERE r.ended_at < ${before} AND NOT (${isOwed} AND EXISTS (
        SELECT 1 FROM directory_user d WHERE d.org_id = u.org_id AND d.person_id = u.person_id
          AND (d.gone_at IS NULL OR d.gone_at >= ${before})))
      LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM rollout_content WHERE ctid IN (
      SELECT c.ctid FROM rollout_content c JOIN rollout r USING (rollout_id)
      WHERE r.ended_at < ${before}
        AND NOT EXISTS (SELECT 1 FROM rollout_row u WHERE u.rollout_id = c.rollout_id)
      LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM feedback WHERE ctid IN (
      SELECT f.ctid FROM feedback f JOIN rollout r USING (rollout_id)
      WHERE r.ended_at < ${before} LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM ledger WHERE ledger_id IN (
      SELECT l.ledger_id FROM ledger l JOIN directory_user d USING (org_id, person_id)
      WHERE d.gone_at < ${before} LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM provenance WHERE ctid IN (
      SELECT p.ctid FROM provenance p JOIN directory_user d USING (org_id, person_id)
      WHERE d.gone_at < ${before} LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM reaction WHERE ctid IN (
      SELECT e.ctid FROM reaction e LEFT JOIN directory_user d USING (org_id, person_id)
      WHERE e.closed_at < ${before} OR d.gone_at < ${before} LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM watch_member WHERE ctid IN (
      SELECT w.ctid FROM watch_member w JOIN directory_user d USING (org_id, person_id)
      WHERE d.gone_at < ${before} LIMIT ${rowsPerTurn})`,
    forgetUsers(before),
    sql`DELETE FROM idempotency_key WHERE ctid IN (
      SELECT ctid FROM idempotency_key WHERE created_at < ${keysBefore} LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM csv_row WHERE ctid IN (
      SELECT c.ctid FROM csv_row c JOIN csv_import i USING (import_id)
      WHERE i.created_at < ${before} AND NOT ${isInUse} LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM csv_import WHERE ctid IN (
      SELECT i.ctid FROM csv_import i WHERE i.created_at < ${before} AND NOT ${isInUse}
        AND NOT EXISTS (SELECT 1 FROM csv_row c WHERE c.import_id = i.import_id)
      LIMIT ${rowsPerTurn})`,
    sql`DELETE FROM pending_action WHERE ctid IN (
      SELECT ctid FROM pending_action WHERE settled_at < ${keysBefore} LIMIT ${rowsPerTurn})`,
  ];
  let purged = 0;
  for (const statement of statements) purged += (await db.execute(statement)).rowCount ?? 0;
  return purged;
}
