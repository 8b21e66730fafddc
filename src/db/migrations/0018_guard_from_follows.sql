-- What a resume accepted follows failures that turn out well later (a late read, a retry): otherwise as
-- many new failures would be forgiven.
CREATE OR REPLACE FUNCTION count_on_rollout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE rollout r SET users_written = r.users_written + d.written,
    users_failed = r.users_failed + d.failed, users_in_flight = r.users_in_flight + d.in_flight,
    users_between_attempts = r.users_between_attempts + d.between_attempts,
    guard_from = CASE WHEN r.guard_from IS NULL OR d.failed >= 0 THEN r.guard_from
      ELSE jsonb_set(r.guard_from, '{failed}', to_jsonb(
        least((r.guard_from->>'failed')::integer, r.users_failed + d.failed))) END
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
END $$;
