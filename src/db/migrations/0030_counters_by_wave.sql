CREATE TABLE "rollout_tally" (
	"rollout_id" uuid NOT NULL,
	"wave" smallint,
	"outcome" text NOT NULL,
	"users" integer NOT NULL,
	"written" integer NOT NULL,
	"seen" integer NOT NULL,
	"unseen" integer NOT NULL,
	"untaken" integer NOT NULL,
	"retryable" integer NOT NULL,
	"waiting" integer NOT NULL,
	CONSTRAINT "rollout_tally_of" UNIQUE NULLS NOT DISTINCT("rollout_id","wave","outcome")
);
--> statement-breakpoint
CREATE TABLE "rollout_tally_change" (
	"rollout_id" uuid NOT NULL,
	"wave" smallint,
	"outcome" text NOT NULL,
	"users" integer NOT NULL,
	"written" integer NOT NULL,
	"seen" integer NOT NULL,
	"unseen" integer NOT NULL,
	"untaken" integer NOT NULL,
	"retryable" integer NOT NULL,
	"waiting" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "counted_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "rollout_tally_change_of" ON "rollout_tally_change" USING btree ("rollout_id");--> statement-breakpoint
-- Sums are updated in place, and changes live for a second.
ALTER TABLE "rollout_tally" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "rollout_tally_change" SET (autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000);--> statement-breakpoint
-- What one row adds to the counters of its rollout and to its tally. A putting-back that waits keeps its
-- place: it ends as a failure. RETURNS TABLE: PostgreSQL puts such a function into the statement itself.
DROP FUNCTION counted_row(text, smallint, timestamptz, timestamptz, jsonb);--> statement-breakpoint
CREATE FUNCTION counted_row(outcome text, attempts smallint, intent_at timestamptz,
  in_flight_until timestamptz, put_back jsonb, written_at timestamptz, converged_at timestamptz,
  taken_up_by uuid, wait_ended_at timestamptz, pending text, waiting jsonb)
RETURNS TABLE (guard_written integer, guard_failed integer, in_flight integer,
  between_attempts integer, written integer, seen integer, unseen integer, untaken integer,
  retryable integer, waits integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1 AS $$
  SELECT
    (attempts > 0 AND outcome NOT IN ('planned', 'gone', 'conflict', 'blocked', 'withheld'))::integer,
    (attempts > 0 AND outcome IN ('failed', 'partial', 'unconverged'))::integer,
    (outcome = 'planned' AND (in_flight_until IS NOT NULL OR put_back IS NOT NULL))::integer,
    (outcome = 'planned' AND in_flight_until IS NULL AND put_back IS NULL
      AND intent_at IS NOT NULL)::integer,
    (written_at IS NOT NULL)::integer,
    (converged_at IS NOT NULL)::integer,
    (written_at IS NOT NULL AND converged_at IS NULL)::integer,
    -- a license that was lost and is owed keeps its place in the line for the next unit (R95)
    (taken_up_by IS NULL AND put_back IS NULL AND (wait_ended_at IS NOT NULL OR pending IS NULL
      OR NOT coalesce(waiting @> '[{"operation": "add", "reason": {"code": "put-back"}}]', false)))::integer,
    (taken_up_by IS NULL AND (pending IS NULL
      OR NOT coalesce(waiting @> '[{"operation": "add", "reason": {"code": "put-back"}}]', false)))::integer,
    (pending IS NOT NULL AND taken_up_by IS NULL AND wait_ended_at IS NULL)::integer
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION count_on_rollout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH changed AS MATERIALIZED (
    SELECT u.rollout_id, u.wave, u.outcome, sum(u.sign)::integer AS users,
      sum(u.sign * c.written)::integer AS written, sum(u.sign * c.seen)::integer AS seen,
      sum(u.sign * c.unseen)::integer AS unseen, sum(u.sign * c.untaken)::integer AS untaken,
      sum(u.sign * c.retryable)::integer AS retryable, sum(u.sign * c.waits)::integer AS waiting,
      sum(u.sign * c.guard_written)::integer AS guard_written,
      sum(u.sign * c.guard_failed)::integer AS guard_failed,
      sum(u.sign * c.in_flight)::integer AS in_flight,
      sum(u.sign * c.between_attempts)::integer AS between_attempts
    FROM (SELECT 1 AS sign, * FROM rows_after UNION ALL SELECT -1, * FROM rows_before) u,
      counted_row(u.outcome, u.attempts, u.intent_at, u.in_flight_until, u.put_back, u.written_at,
        u.converged_at, u.taken_up_by, u.wait_ended_at, u.pending, u.waiting) c
    GROUP BY u.rollout_id, u.wave, u.outcome
  ), tallied AS (
    INSERT INTO rollout_tally_change (rollout_id, wave, outcome, users, written, seen, unseen, untaken,
      retryable, waiting)
    SELECT rollout_id, wave, outcome, users, written, seen, unseen, untaken, retryable, waiting
    FROM changed
    WHERE (users, written, seen, unseen, untaken, retryable, waiting) <> (0, 0, 0, 0, 0, 0, 0)
  )
  UPDATE rollout r SET users_written = r.users_written + d.written,
    users_failed = r.users_failed + d.failed, users_in_flight = r.users_in_flight + d.in_flight,
    users_between_attempts = r.users_between_attempts + d.between_attempts,
    guard_from = CASE WHEN r.guard_from IS NULL OR d.failed >= 0 THEN r.guard_from
      ELSE jsonb_set(r.guard_from, '{failed}', to_jsonb(
        least((r.guard_from->>'failed')::integer, r.users_failed + d.failed))) END
  FROM (
    SELECT rollout_id, sum(guard_written)::integer AS written, sum(guard_failed)::integer AS failed,
      sum(in_flight)::integer AS in_flight, sum(between_attempts)::integer AS between_attempts
    FROM changed GROUP BY rollout_id
  ) d
  WHERE r.rollout_id = d.rollout_id
    AND (d.written, d.failed, d.in_flight, d.between_attempts) <> (0, 0, 0, 0);
  RETURN NULL;
END $$;--> statement-breakpoint
-- Rows of a plan that come or go: the guard's counters begin at 0 and outlive them.
CREATE FUNCTION tally_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollout_tally_change (rollout_id, wave, outcome, users, written, seen, unseen, untaken,
    retryable, waiting)
  SELECT u.rollout_id, u.wave, u.outcome, sign * count(*), sign * sum(c.written), sign * sum(c.seen),
    sign * sum(c.unseen), sign * sum(c.untaken), sign * sum(c.retryable), sign * sum(c.waits)
  FROM (SELECT TG_ARGV[0]::integer AS sign) s, rows_counted u,
    counted_row(u.outcome, u.attempts, u.intent_at, u.in_flight_until, u.put_back, u.written_at,
      u.converged_at, u.taken_up_by, u.wait_ended_at, u.pending, u.waiting) c
  GROUP BY sign, u.rollout_id, u.wave, u.outcome;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER rollout_user_tallied AFTER INSERT ON rollout_user
  REFERENCING NEW TABLE AS rows_counted
  FOR EACH STATEMENT EXECUTE FUNCTION tally_rows('1');--> statement-breakpoint
CREATE TRIGGER rollout_user_untallied AFTER DELETE ON rollout_user
  REFERENCING OLD TABLE AS rows_counted
  FOR EACH STATEMENT EXECUTE FUNCTION tally_rows('-1');--> statement-breakpoint
INSERT INTO rollout_tally (rollout_id, wave, outcome, users, written, seen, unseen, untaken, retryable,
    waiting)
  SELECT u.rollout_id, u.wave, u.outcome, count(*), sum(c.written), sum(c.seen), sum(c.unseen),
    sum(c.untaken), sum(c.retryable), sum(c.waits)
  FROM rollout_user u,
    counted_row(u.outcome, u.attempts, u.intent_at, u.in_flight_until, u.put_back, u.written_at,
      u.converged_at, u.taken_up_by, u.wait_ended_at, u.pending, u.waiting) c
  GROUP BY u.rollout_id, u.wave, u.outcome;
