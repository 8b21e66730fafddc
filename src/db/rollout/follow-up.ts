/** The verification of users who were written before their rollout ended early (R99). */
import { sql, type SQL } from 'drizzle-orm';
import { defaultSettings } from '../../domain/model/default-settings';
import type { VerificationSchedule } from '../../domain/model/settings';
import { finalPhases } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { literals } from '../sql';
import { readSettings } from '../admin/settings';
import { isUnanswered } from './ending/unanswered-rows';

/** How long after a write its user is verified, in the organization of a row `u` or `r`. */
function patience(row: 'u' | 'r'): SQL {
  const fallback = defaultSettings.verification.deadlineSeconds;
  return sql`make_interval(secs => coalesce((
        SELECT (s.settings->'verification'->>'deadlineSeconds')::double precision
        FROM org_settings s WHERE s.org_id = ${sql.raw(row)}.org_id), ${fallback}))`;
}

/**
 * A row that was written and that no read has shown yet, or that may have been written although it counts
 * as failed. What was done of a row that ended between two calls is verified too; its outcome says already
 * that something is missing, so that nothing gives it up at the deadline.
 */
const isUnseen = sql`(u.outcome = 'applied' AND u.converged_at IS NULL OR ${isUnanswered('u')}
  OR u.outcome = 'partial' AND u.converged_at IS NULL
    AND u.written_at > now() - ${patience('u')})`;

const hasUnseen = sql`EXISTS (SELECT 1 FROM rollout_user u
  WHERE u.rollout_id = r.rollout_id AND ${isUnseen})`;

/** A rollout that has ended, and the users whom a verification has yet to see. */
export interface FollowUp {
  orgId: string;
  orgUuid: string;
  rolloutId: string;
  waves: number[];
  schedule: VerificationSchedule;
  untilMs: number;
}

/**
 * The row of an ended rollout says until when its written users are verified, as long after the last
 * write as the organization's settings say. Nothing changes where all are seen.
 */
export async function beginFollowUp(db: Queryable, rolloutId: string): Promise<void> {
  await db.execute(beginWhere(sql`r.rollout_id = ${rolloutId}`));
}

/** The same for rollouts that have just ended: a write that was under way may have ended after them. */
export async function beginLateFollowUps(db: Queryable, orgId: string): Promise<void> {
  await db.execute(beginWhere(sql`r.org_id = ${orgId} AND r.ended_at > now() - interval '1 hour'`));
}

function beginWhere(isMeant: SQL): SQL {
  return sql`
    UPDATE rollout r SET verifying_until = (
        SELECT coalesce(max(coalesce(u.written_at, u.intent_at)), now()) FROM rollout_user u
        WHERE u.rollout_id = r.rollout_id AND ${isUnseen})
      + ${patience('r')}
    WHERE ${isMeant} AND r.phase IN (${literals(finalPhases)})
      AND r.verifying_until IS NULL AND ${hasUnseen}`;
}

/** Once every written user of an ended rollout was seen or given up. */
export async function endFollowUp(db: Queryable, rolloutId: string): Promise<void> {
  await db.execute(sql`
    UPDATE rollout r SET verifying_until = NULL
    WHERE r.rollout_id = ${rolloutId} AND r.verifying_until IS NOT NULL AND NOT ${hasUnseen}`);
}

export const followUpsPerPage = 100;

/** A page of the ended rollouts of an organization whose users are still verified, by id. */
export async function listFollowUps(
  db: Queryable,
  orgId: string,
  after: string | null = null,
): Promise<FollowUp[]> {
  const { rows } = await db.execute<{
    orgUuid: string;
    rolloutId: string;
    waves: number[];
    untilMs: string;
  }>(sql`
    SELECT o.org_uuid AS "orgUuid", r.rollout_id AS "rolloutId",
      extract(epoch FROM r.verifying_until) * 1000 AS "untilMs",
      (SELECT coalesce(jsonb_agg(DISTINCT u.wave), '[]') FROM rollout_user u
        WHERE u.rollout_id = r.rollout_id AND ${isUnseen} AND u.wave IS NOT NULL) AS waves
    FROM rollout r JOIN organization o USING (org_id)
    WHERE r.org_id = ${orgId} AND r.verifying_until IS NOT NULL
      AND r.phase IN (${literals(finalPhases)})
      AND (${after}::uuid IS NULL OR r.rollout_id > ${after}::uuid)
    ORDER BY r.rollout_id LIMIT ${followUpsPerPage}`);
  if (rows.length === 0) return [];
  const { verification: schedule } = (await readSettings(db, orgId)).settings;
  return rows.map(({ untilMs, ...row }) => ({
    ...row,
    orgId,
    schedule,
    untilMs: Math.floor(Number(untilMs)),
  }));
}

/** Waves of a rollout with users whom no read has shown yet. */
export async function unseenWaves(db: Queryable, rolloutId: string): Promise<number[]> {
  const { rows } = await db.execute<{ wave: number }>(sql`
    SELECT DISTINCT u.wave FROM rollout_user u
    WHERE u.rollout_id = ${rolloutId} AND ${isUnseen} AND u.wave IS NOT NULL
    ORDER BY u.wave`);
  return rows.map(({ wave }) => wave);
}

/** Whether a rollout has ended: its users are read then, but no write is repeated. */
export async function hasEnded(db: Queryable, rolloutId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    SELECT 1 FROM rollout r
    WHERE r.rollout_id = ${rolloutId} AND r.phase IN (${literals(finalPhases)})`);
  return rows.length > 0;
}
