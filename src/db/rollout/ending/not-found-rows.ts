/** Users of a wave whom Webex, asked by id, doesn't find: when their rows end as gone (R88, R89). */
import { sql } from 'drizzle-orm';
import { believesNotFound, doubtOfNotFound } from '../../../domain/rollout/not-found';
import type { Db, Queryable } from '../../connect';
import { isOldEnough } from '../../directory/beliefs/missing';
import { lockedRollout } from '../../write/failure-guard';

interface ReadOfWave {
  rolloutId: string;
  wave: number;
  /** When the read began that has just ended. */
  since: Date;
  confirmAfterMs: number;
}

export interface NotFound {
  /** Users whom only the read that just ended didn't find. */
  once: number;
  /** Why a person must look before anybody counts as gone; null: nothing is in doubt. */
  doubt: string | null;
}

/**
 * Ends rows of a wave whose users two reads didn't find, if they are plausibly few, or if a person has seen
 * the figures and resumed the rollout. Who counts as gone already, by a check of the directory, needs no
 * more proof. Who is neither shown nor said to be missing stays planned.
 */
export async function recordNotFound(db: Db, read: ReadOfWave): Promise<NotFound> {
  const { rolloutId, wave } = read;
  const isUser = sql`u.rollout_id = ${rolloutId} AND u.wave = ${wave}
    AND d.org_id = u.org_id AND d.person_id = u.person_id`;
  const isOpen = sql`(u.outcome = 'planned' AND u.intent_at IS NULL)`;
  const isMissing = sql`(${isOpen} AND d.gone_at IS NULL
    AND d.not_found_at >= ${read.since.toISOString()}::timestamptz)`;
  const isAgreed = sql`(${isMissing} AND ${isOldEnough(sql`d.missing_since`, read.confirmAfterMs)})`;
  return await db.transaction(async (tx) => {
    await tx.execute(sql`WITH ${lockedRollout(rolloutId)} SELECT 1 FROM locked`);
    await tx.execute(sql`
      UPDATE rollout_user u SET outcome = 'gone', detail = 'the user is no longer in the organization'
      FROM directory_user d WHERE ${isUser} AND ${isOpen} AND d.gone_at IS NOT NULL`);
    const { rows } = await tx.execute<Figures>(sql`
      WITH seen AS (
        SELECT ${isMissing} AND NOT ${isAgreed} AS once, ${isAgreed} AS agreed,
          u.outcome = 'gone' AND u.attempts = 0 AND d.gone_at IS NULL AS ended,
          u.outcome = 'planned' AS open
        FROM rollout_user u, directory_user d WHERE ${isUser})
      SELECT (count(*) FILTER (WHERE once))::int AS once,
        (count(*) FILTER (WHERE agreed))::int AS agreed,
        (count(*) FILTER (WHERE agreed OR ended))::int AS missing,
        (count(*) FILTER (WHERE open OR ended))::int AS of
      FROM seen`);
    const { once = 0, agreed = 0, missing = 0, of = 0 } = rows[0] ?? {};
    if (agreed === 0) return { once, doubt: null };
    const users = { wave, of, missing };
    const doubt = doubtOfNotFound(users);
    if (!believesNotFound(users, await wasAccepted(tx, rolloutId, doubt))) return { once, doubt };
    await tx.execute(sql`
      UPDATE rollout_user u SET outcome = 'gone', detail = 'the user is no longer in the organization'
      FROM directory_user d WHERE ${isUser} AND ${isAgreed}`);
    return { once, doubt: null };
  });
}

interface Figures extends Record<string, number> {
  once: number;
  agreed: number;
  missing: number;
  of: number;
}

/** The rollout was last halted for this reason, and a person has resumed it since. */
async function wasAccepted(tx: Queryable, rolloutId: string, reason: string): Promise<boolean> {
  const { rows } = await tx.execute<{ action: string; reason: string }>(sql`
    SELECT a.action, a.details->>'reason' AS reason FROM audit_event a
      JOIN rollout r ON r.org_id = a.org_id
    WHERE r.rollout_id = ${rolloutId} AND a.target = 'rollouts/' || r.rollout_id
      AND a.action IN ('rollout.halted', 'rollout.resumed')
    ORDER BY a.audit_id DESC LIMIT 2`);
  const [last, before] = rows;
  return (
    last?.action === 'rollout.resumed' &&
    before?.action === 'rollout.halted' &&
    before.reason === reason
  );
}
