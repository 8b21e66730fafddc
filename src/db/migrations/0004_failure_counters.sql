ALTER TABLE "rollout" ADD COLUMN "paused_by" text;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "pause_reason" text;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "failure_percent" double precision GENERATED ALWAYS AS (coalesce((request->'guards'->>'failurePercent')::double precision, 5)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "failure_min" integer GENERATED ALWAYS AS (coalesce(
      (request->'guards'->>'failureMin')::integer,
      greatest(3, ceil((request->'guards'->>'failureMinSample')::numeric
        * (request->'guards'->>'failurePercent')::numeric / 100))::integer)) STORED NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "users_written" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "users_failed" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "users_in_flight" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "users_between_attempts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "soaks_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "verifying_until" timestamp with time zone;--> statement-breakpoint
-- What one row adds to the counters of its rollout. A putting-back that waits keeps its place: it ends
-- as a failure.
CREATE FUNCTION counted_row(outcome text, attempts smallint, intent_at timestamptz,
  in_flight_until timestamptz, put_back jsonb,
  OUT written integer, OUT failed integer, OUT in_flight integer, OUT between_attempts integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT
    (attempts > 0 AND outcome NOT IN ('planned', 'gone', 'conflict', 'blocked', 'withheld'))::integer,
    (attempts > 0 AND outcome IN ('failed', 'partial', 'unconverged'))::integer,
    (outcome = 'planned' AND (in_flight_until IS NOT NULL OR put_back IS NOT NULL))::integer,
    (outcome = 'planned' AND in_flight_until IS NULL AND put_back IS NULL
      AND intent_at IS NOT NULL)::integer
$$;--> statement-breakpoint
CREATE FUNCTION count_on_rollout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE rollout r SET users_written = r.users_written + d.written,
    users_failed = r.users_failed + d.failed, users_in_flight = r.users_in_flight + d.in_flight,
    users_between_attempts = r.users_between_attempts + d.between_attempts
  FROM (
    SELECT rollout_id, sum(sign * c.written)::integer AS written,
      sum(sign * c.failed)::integer AS failed, sum(sign * c.in_flight)::integer AS in_flight,
      sum(sign * c.between_attempts)::integer AS between_attempts
    FROM (SELECT 1 AS sign, * FROM rows_after UNION ALL SELECT -1, * FROM rows_before) u,
      counted_row(u.outcome, u.attempts, u.intent_at, u.in_flight_until, u.put_back) c
    GROUP BY rollout_id
  ) d
  WHERE r.rollout_id = d.rollout_id
    AND (d.written, d.failed, d.in_flight, d.between_attempts) <> (0, 0, 0, 0);
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER rollout_user_counted AFTER UPDATE ON rollout_user
  REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after
  FOR EACH STATEMENT EXECUTE FUNCTION count_on_rollout();--> statement-breakpoint
-- Failures that a person accepted by a resume: until now only `failed` counted.
UPDATE rollout r SET guard_from = jsonb_set(r.guard_from, '{failed}',
    to_jsonb((r.guard_from->>'failed')::integer + u.other_failures))
  FROM (
    SELECT rollout_id, count(*)::integer AS other_failures FROM rollout_user
    WHERE attempts > 0 AND outcome IN ('partial', 'unconverged') GROUP BY rollout_id
  ) u
  WHERE u.rollout_id = r.rollout_id AND r.guard_from IS NOT NULL;--> statement-breakpoint
UPDATE rollout r SET users_written = d.written, users_failed = d.failed,
    users_in_flight = d.in_flight, users_between_attempts = d.between_attempts
  FROM (
    SELECT rollout_id, sum(c.written)::integer AS written, sum(c.failed)::integer AS failed,
      sum(c.in_flight)::integer AS in_flight, sum(c.between_attempts)::integer AS between_attempts
    FROM rollout_user u,
      counted_row(u.outcome, u.attempts, u.intent_at, u.in_flight_until, u.put_back) c
    GROUP BY rollout_id
  ) d
  WHERE r.rollout_id = d.rollout_id;--> statement-breakpoint
-- Users who were written and whom no read has shown, in rollouts that have ended: they are checked once.
UPDATE rollout r SET verifying_until =
    coalesce(r.last_write_at, r.ended_at, r.created_at) + interval '24 hours'
  WHERE r.phase IN ('completed', 'aborted', 'failed') AND EXISTS (
    SELECT 1 FROM rollout_user u WHERE u.rollout_id = r.rollout_id AND u.outcome = 'applied');
