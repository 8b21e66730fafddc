/** Closes reactions whose rollout has ended. */
import { sql } from 'drizzle-orm';
import { finalPhases } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { textList } from '../sql';
import { addFindings } from './reactions';
import type { Reaction } from '../../domain/watch/reaction';

interface WaitsOnce extends Reaction {
  personId: string;
  foundAt: string;
}

/**
 * Closes the reactions of rollouts that have ended. Some users then wait again: those of a plan that
 * expired, those of a rollout that failed before it could start (after a quarter of an hour, for a
 * day), and users who changed between plan and write. Users of a discarded plan don't wait again.
 */
export async function closeReactions(tx: Queryable, orgId: string): Promise<void> {
  const ended = sql`r.org_id = ${orgId} AND e.org_id = r.org_id AND e.rollout_id = r.rollout_id
    AND e.closed_at IS NULL
    AND r.phase IN ${textList(finalPhases)}`;
  const isUnbegun = sql`(r.phase = 'failed' AND r.started_at IS NULL
    AND e.found_at > now() - interval '1 day')`;
  const { rows } = await tx.execute<WaitsOnce & Record<string, unknown>>(sql`
    UPDATE reaction e SET closed_at = now() FROM rollout r
    WHERE ${ended} AND (r.phase = 'expired'
      OR (${isUnbegun} AND r.ended_at < now() - interval '15 minutes')
      OR EXISTS (SELECT 1 FROM rollout_user u WHERE u.rollout_id = r.rollout_id
        AND u.person_id = e.person_id AND u.outcome = 'conflict'))
    RETURNING e.person_id AS "personId", e.mode, e.causes, e.found_at AS "foundAt"`);
  await tx.execute(sql`
    UPDATE reaction e SET closed_at = now() FROM rollout r WHERE ${ended} AND NOT ${isUnbegun}`);
  await addFindings(
    tx,
    orgId,
    rows.map(({ personId, foundAt, mode, causes }) => ({
      personId,
      foundAt,
      reaction: { mode, causes },
      isDue: true,
    })),
  );
  await closeReactionsOfGone(tx, orgId);
}

/** Closes the reactions of users who have been gone for a day. */
async function closeReactionsOfGone(tx: Queryable, orgId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE reaction e SET closed_at = now() FROM directory_user d
    WHERE e.org_id = ${orgId} AND e.rollout_id IS NULL AND e.closed_at IS NULL
      AND d.org_id = e.org_id AND d.person_id = e.person_id
      AND d.gone_at < now() - interval '1 day'`);
}
