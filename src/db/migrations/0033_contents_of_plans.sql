ALTER TABLE "rollout_user" RENAME TO "rollout_row";--> statement-breakpoint
ALTER TABLE "rollout_row" RENAME CONSTRAINT "rollout_user_rollout_id_seq_pk" TO "rollout_row_rollout_id_seq_pk";--> statement-breakpoint
-- Rows planned before this have everything of their own.
ALTER TABLE "rollout_row" RENAME COLUMN "before" TO "own_before";--> statement-breakpoint
ALTER TABLE "rollout_row" RENAME COLUMN "changes" TO "own_changes";--> statement-breakpoint
ALTER TABLE "rollout_row" RENAME COLUMN "kept" TO "own_kept";--> statement-breakpoint
ALTER TABLE "rollout_row" RENAME COLUMN "blocked" TO "own_blocked";--> statement-breakpoint
ALTER TABLE "rollout_row" RENAME COLUMN "waiting" TO "own_waiting";--> statement-breakpoint
ALTER TABLE "rollout_row" RENAME COLUMN "expected" TO "own_expected";--> statement-breakpoint
ALTER TABLE "rollout_row" ALTER COLUMN "own_before" DROP NOT NULL, ALTER COLUMN "own_changes" DROP NOT NULL,
  ALTER COLUMN "own_kept" DROP NOT NULL, ALTER COLUMN "own_blocked" DROP NOT NULL,
  ALTER COLUMN "own_waiting" DROP NOT NULL, ALTER COLUMN "own_expected" DROP NOT NULL,
  ADD COLUMN "content" integer;--> statement-breakpoint
CREATE TABLE "rollout_content" (
	"rollout_id" uuid NOT NULL,
	"content" integer NOT NULL,
	"before" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"kept" jsonb NOT NULL,
	"blocked" jsonb NOT NULL,
	"waiting" jsonb NOT NULL,
	"expected" jsonb NOT NULL,
	CONSTRAINT "rollout_content_rollout_id_content_pk" PRIMARY KEY("rollout_id","content")
);
--> statement-breakpoint
-- The rows, each with its content. Every column is looked up only where a statement reads it, and the
-- view can be updated, because it reads one table.
CREATE VIEW "rollout_user" AS
SELECT u.org_id, u.rollout_id, u.seq, u.person_id, u.email, u.display_name, u.wave, u.step,
  coalesce(u.own_before, (SELECT c.before FROM rollout_content c
    WHERE c.rollout_id = u.rollout_id AND c.content = u.content)) AS before,
  coalesce(u.own_changes, (SELECT c.changes FROM rollout_content c
    WHERE c.rollout_id = u.rollout_id AND c.content = u.content)) AS changes,
  coalesce(u.own_kept, (SELECT c.kept FROM rollout_content c
    WHERE c.rollout_id = u.rollout_id AND c.content = u.content)) AS kept,
  coalesce(u.own_blocked, (SELECT c.blocked FROM rollout_content c
    WHERE c.rollout_id = u.rollout_id AND c.content = u.content)) AS blocked,
  coalesce(u.own_waiting, (SELECT c.waiting FROM rollout_content c
    WHERE c.rollout_id = u.rollout_id AND c.content = u.content)) AS waiting,
  coalesce(u.own_expected, (SELECT c.expected FROM rollout_content c
    WHERE c.rollout_id = u.rollout_id AND c.content = u.content)) AS expected,
  u.pending, u.outcome, u.content, u.own_before, u.own_changes, u.own_kept, u.own_blocked,
  u.own_waiting, u.own_expected, u.refused, u.detail, u.trouble_since, u.put_back, u.owed_tries,
  u.owed_next_at, u.restored, u.restored_at, u.attempts, u.calls, u.recorded_call, u.unanswered_call,
  u.done, u.intent_at, u.in_flight_until, u.written_at, u.answered, u.converged_at, u.repeated_at,
  u.tracking_id, u.taken_up_by, u.waits_since, u.waits_over, u.wait_ended_at
FROM rollout_row u;--> statement-breakpoint
-- The users who have lost a license that is owed to them (R95) have what waits of their own.
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
        u.converged_at, u.taken_up_by, u.wait_ended_at, u.pending, u.own_waiting) c
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
CREATE OR REPLACE FUNCTION tally_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollout_tally_change (rollout_id, wave, outcome, users, written, seen, unseen, untaken,
    retryable, waiting)
  SELECT u.rollout_id, u.wave, u.outcome, sign * count(*), sign * sum(c.written), sign * sum(c.seen),
    sign * sum(c.unseen), sign * sum(c.untaken), sign * sum(c.retryable), sign * sum(c.waits)
  FROM (SELECT TG_ARGV[0]::integer AS sign) s, rows_counted u,
    counted_row(u.outcome, u.attempts, u.intent_at, u.in_flight_until, u.put_back, u.written_at,
      u.converged_at, u.taken_up_by, u.wait_ended_at, u.pending, u.own_waiting) c
  GROUP BY sign, u.rollout_id, u.wave, u.outcome;
  RETURN NULL;
END $$;
