/**
 * Rows that failed while nobody knows what became of a call: no answer said it, and a read that doesn't
 * show a change proves nothing yet (R80). Until the deadline, a later read may show that it was done.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { Change } from '../../../domain/model/change';
import type { CallingOffers } from '../../../domain/model/settings';
import type { Pending } from '../../../domain/model/outcome';
import type { Db, Queryable } from '../../connect';
import { hasLostUnit, integerList, targetOf, textList } from '../../sql';
import { lockedRollout } from '../../write/failure-guard';
import { inFlight } from '../../write/may-write';
import { asOnlyCall, type RowOfRollout } from '../../write/only-call';
import { isUntouchedSince, mayRepeat } from '../../write/repeat-write';

/** What is owed to a user (R95) was never done: a read that shows the change is about something else. */
export function isUnanswered(u: 'u'): SQL {
  return sql`(u.outcome IN ('failed', 'partial') AND u.unanswered_call IS NOT NULL
    AND u.put_back IS NULL AND NOT ${hasLostUnit(u)})`;
}

const isAmong = (rolloutId: string, waves: readonly number[]) => sql`
  u.rollout_id = ${rolloutId} AND u.wave IN ${integerList(waves)} AND ${isUnanswered('u')}`;

export async function unansweredPersons(
  db: Db,
  rolloutId: string,
  waves: readonly number[],
): Promise<string[]> {
  const { rows } = await db.execute<{ personId: string }>(sql`
    SELECT u.person_id AS "personId" FROM rollout_user u
    WHERE ${isAmong(rolloutId, waves)} ORDER BY u.seq`);
  return rows.map(({ personId }) => personId);
}

export interface UnansweredRow extends Record<string, unknown> {
  seq: number;
  personId: string;
  /** Everything that the row asked for, what was refused in the end included. */
  changes: Change[];
  /** What earlier calls have done of them, as far as answers and reads have shown. */
  done: Change[];
  pending: Pending;
  callingOffers: CallingOffers;
}

/** The columns of an `UnansweredRow`, of `rollout_user` as `u`. */
export const unansweredRow = sql`u.seq, u.person_id AS "personId", u.changes, u.pending,
      coalesce(u.done, '[]') AS done,
      coalesce((SELECT s.settings->'callingOffers' FROM org_settings s
        WHERE s.org_id = u.org_id), '{}') AS "callingOffers"`;

export async function unansweredRows(
  db: Db,
  input: { rolloutId: string; waves: readonly number[]; personIds: readonly string[] },
): Promise<UnansweredRow[]> {
  const { rows } = await db.execute<UnansweredRow>(sql`
    SELECT ${unansweredRow} FROM rollout_user u
    WHERE ${isAmong(input.rolloutId, input.waves)} AND u.person_id IN ${textList(input.personIds)}`);
  return rows;
}

/**
 * The number under which a late success is recorded, and the changes of which the ledger doesn't know;
 * null where another rollout has changed the user since, or may do so now: then the change is its work.
 */
export async function takeLateSuccess(
  db: Db,
  { rolloutId, seq, isRepeat }: RowOfRollout & { isRepeat: boolean },
): Promise<{ call: number; done: Change[] } | null> {
  const take = () =>
    db.execute<{ call: number; done: Change[] }>(sql`
    WITH ${lockedRollout(rolloutId)}
    UPDATE rollout_user u SET calls = u.calls + 1, written_at = coalesce(u.written_at, u.intent_at),
      repeated_at = CASE WHEN ${isRepeat} THEN now() ELSE repeated_at END,
      in_flight_until = clock_timestamp() + ${inFlight}
    FROM locked WHERE u.rollout_id = locked.rollout_id AND u.seq = ${seq} AND ${isUnanswered('u')}
      AND ${isUntouchedSince(sql`u.intent_at`)}
    RETURNING u.calls AS call, coalesce((
      SELECT jsonb_agg(c) FROM jsonb_array_elements(u.changes) c
      WHERE c->>'operation' IS DISTINCT FROM (SELECT l.operation FROM ledger l
        WHERE l.rollout_id = u.rollout_id AND l.seq = u.seq AND l.target = ${targetOf('c')}
        ORDER BY l.ledger_id DESC LIMIT 1)), '[]') AS done`);
  const taken = await asOnlyCall(db, { rolloutId, seq }, take);
  return taken?.rows[0] ?? null;
}

/**
 * Permission to repeat the call of such a row, where no read can show what became of it; null as for
 * other repeated writes, and where another plan has taken the user up.
 */
export async function takeUnanswered(
  db: Db,
  { rolloutId, seq }: RowOfRollout,
): Promise<(UnansweredRow & { call: number }) | null> {
  const take = () =>
    db.execute<UnansweredRow & { call: number }>(sql`
    WITH ${mayRepeat(rolloutId)}
    UPDATE rollout_user u SET calls = u.calls + 1, in_flight_until = clock_timestamp() + ${inFlight}
    FROM permit WHERE u.rollout_id = permit.rollout_id AND u.seq = ${seq} AND ${isUnanswered('u')}
      -- an answer has shown what became of the others
      AND u.answered IS NULL AND u.repeated_at IS NULL
      AND u.taken_up_by IS NULL AND ${isUntouchedSince(sql`u.intent_at`)}
    RETURNING u.calls AS call, ${unansweredRow}`);
  const taken = await asOnlyCall(db, { rolloutId, seq }, take);
  return taken?.rows[0] ?? null;
}

export async function countUnanswered(
  db: Db,
  rolloutId: string,
  waves: readonly number[],
): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM rollout_user u WHERE ${isAmong(rolloutId, waves)}`);
  return rows[0]?.n ?? 0;
}

/** At the deadline: what no read has shown by then was not done. */
export async function settleUnanswered(
  db: Queryable,
  rolloutId: string,
  waves: readonly number[],
): Promise<void> {
  await db.execute(sql`
    UPDATE rollout_user u SET unanswered_call = NULL WHERE ${isAmong(rolloutId, waves)}`);
}
