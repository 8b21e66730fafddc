import type { Db } from '../../src/db/connect';

/**
 * The tallies of all rollouts whose counters aren't what their rows say. A plain reading of the rule: it
 * shares no SQL with the statements that keep and compare them.
 */
export async function differentCounters(db: Db): Promise<unknown[]> {
  const { rows } = await db.$client.query<Record<string, unknown>>(`
    WITH lost AS (
      SELECT u.*, pending IS NOT NULL
        AND waiting @> '[{"operation": "add", "reason": {"code": "put-back"}}]' AS is_first_in_line
      FROM rollout_user u WHERE EXISTS (SELECT 1 FROM rollout r WHERE r.rollout_id = u.rollout_id)
    ), both_ways AS (
      SELECT rollout_id, wave, outcome, count(*) AS users,
        count(*) FILTER (WHERE written_at IS NOT NULL) AS written,
        count(*) FILTER (WHERE converged_at IS NOT NULL) AS seen,
        count(*) FILTER (WHERE written_at IS NOT NULL AND converged_at IS NULL) AS unseen,
        count(*) FILTER (WHERE taken_up_by IS NULL AND put_back IS NULL
          AND (wait_ended_at IS NOT NULL OR NOT is_first_in_line)) AS untaken,
        count(*) FILTER (WHERE taken_up_by IS NULL AND NOT is_first_in_line) AS retryable,
        count(*) FILTER (WHERE pending IS NOT NULL AND taken_up_by IS NULL
          AND wait_ended_at IS NULL) AS waiting
      FROM lost GROUP BY 1, 2, 3
      UNION ALL
      SELECT t.rollout_id, t.wave, outcome, -users, -written, -seen, -unseen, -untaken, -retryable, -waiting
      FROM (SELECT * FROM rollout_tally UNION ALL SELECT * FROM rollout_tally_change) t
      WHERE EXISTS (SELECT 1 FROM rollout r WHERE r.rollout_id = t.rollout_id)
    )
    SELECT rollout_id, wave, outcome, sum(users) AS users, sum(written) AS written, sum(seen) AS seen,
      sum(unseen) AS unseen, sum(untaken) AS untaken, sum(retryable) AS retryable,
      sum(waiting) AS waiting
    FROM both_ways GROUP BY 1, 2, 3
    HAVING (sum(users), sum(written), sum(seen), sum(unseen), sum(untaken), sum(retryable),
      sum(waiting)) <> (0, 0, 0, 0, 0, 0, 0)
    ORDER BY 1, 2, 3`);
  return rows;
}

/** The same for the counters of the failure guard, of rollouts whose rows are all there. */
export async function differentGuards(db: Db): Promise<unknown[]> {
  const { rows } = await db.$client.query<Record<string, unknown>>(`
    WITH counted AS (
      SELECT rollout_id,
        count(*) FILTER (WHERE attempts > 0
          AND outcome NOT IN ('planned', 'gone', 'conflict', 'blocked', 'withheld')) AS written,
        count(*) FILTER (WHERE attempts > 0
          AND outcome IN ('failed', 'partial', 'unconverged')) AS failed,
        count(*) FILTER (WHERE outcome = 'planned'
          AND (in_flight_until IS NOT NULL OR put_back IS NOT NULL)) AS in_flight,
        count(*) FILTER (WHERE outcome = 'planned' AND intent_at IS NOT NULL
          AND in_flight_until IS NULL AND put_back IS NULL) AS between
      FROM rollout_user GROUP BY 1
    )
    SELECT c.*, users_written, users_failed, users_in_flight, users_between_attempts
    FROM counted c JOIN rollout USING (rollout_id)
    WHERE (c.written, c.failed, c.in_flight, c.between) <> (users_written, users_failed,
      users_in_flight, users_between_attempts)`);
  return rows;
}
