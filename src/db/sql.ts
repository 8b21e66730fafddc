/** Fragments of SQL that statements of several rooms share. */
import { sql, type SQL } from 'drizzle-orm';
import { answerTrustMs } from '../domain/write/believed-holdings';

/** A list as one parameter: `IN ${textList(ids)}`. Lists can be longer than a statement has parameters. */
export function textList(texts: readonly string[]): SQL {
  return sql`(SELECT jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`;
}

/** As `textList`, for columns that hold integers. */
export function integerList(integers: readonly number[]): SQL {
  return sql`(SELECT value::int FROM jsonb_array_elements_text(${JSON.stringify(integers)}::jsonb))`;
}

/** As an array instead of a subquery: an index is used for both sides of an OR. */
export function textArray(texts: readonly string[]): SQL {
  return sql`ARRAY${textList(texts)}`;
}

/** Constants of the code, never input, as the members of `IN (…)`: an index whose condition says the same is used. */
export function literals(texts: readonly string[]): SQL {
  return sql.raw(texts.map((text) => `'${text}'`).join(', '));
}

/** Pattern for LIKE that finds this text anywhere and reads nothing in it as a wildcard. */
export function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** An instant as people and the API write it, by the database's clock. */
export function isoText(instant: string): SQL {
  return sql.raw(`to_char(${instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
}

/** For how long the answer to a write is believed (R80a). */
export const answerTrust = sql.raw(`interval '${answerTrustMs} milliseconds'`);

/** A row of `directory_user` under the name that the statement gives it. */
type UserAlias = 'u' | 'd';

/**
 * What a user is believed to hold (R80a), as JSON: `believedHoldings` of the domain in SQL. An answer
 * that a later read confirmed needs no case of its own: both show the same.
 */
export function believedHoldings(alias: UserAlias): SQL {
  const user = sql.raw(alias);
  const answeredSites = sitesAnswered(alias);
  return sql`CASE WHEN ${isAnswerTrusted(alias)}
    THEN jsonb_build_object('licenses', ${user}.answered->'licenses',
      'attendeeSites', coalesce(${answeredSites}, ${user}.attendee_sites))
    ELSE jsonb_build_object('licenses', ${user}.licenses,
      'attendeeSites', coalesce(${user}.attendee_sites, ${answeredSites})) END`;
}

/** When an answer stops being believed, where none of the reads before agrees with it (R80a); null: there is none. */
export function answerBelievedUntil(alias: UserAlias): SQL {
  const user = sql.raw(alias);
  return sql`(CASE WHEN ${user}.answered IS NOT NULL THEN ${user}.answered_at + ${answerTrust} END)`;
}

/** The answer is there and younger than 24 hours. */
export function isAnswerTrusted(alias: UserAlias): SQL {
  const user = sql.raw(alias);
  return sql`(${user}.answered IS NOT NULL AND ${user}.answered_at > now() - ${answerTrust})`;
}

/** Null where the answer doesn't say which sites the user attends. */
export function sitesAnswered(alias: UserAlias): SQL {
  return sql`nullif(${sql.raw(alias)}.answered->'attendeeSites', 'null'::jsonb)`;
}

/** Whether two JSON lists hold the same texts, in whatever order. */
export function isSameSet(one: SQL, other: SQL): SQL {
  return sql`(${one} @> ${other} AND ${one} <@ ${other})`;
}

/** What a change is about, as the ledger names it. */
export function targetOf(change: string): SQL {
  const c = sql.raw(change);
  return sql`coalesce(${c}->'target'->>'licenseId', 'attendee:' || (${c}->'target'->>'site'))`;
}

/** Whether a row's `refused` contains this change: `wasRefused` of the domain in SQL. */
export function wasRefused(refused: SQL, change: SQL): SQL {
  return sql`(coalesce(${refused}, '[]') @> jsonb_build_array(jsonb_build_object(
    'operation', ${change}->'operation', 'target', ${change}->'target')))`;
}

/**
 * The row's user lost a license that could not be put back, because others had taken the unit (R95): the
 * next one is theirs. What waits in such a row is always its own.
 */
export function hasLostUnit(alias: 'u' | 'f' | 'w' | 'rollout_user'): SQL {
  const row = sql.raw(alias);
  return sql`(${row}.pending IS NOT NULL AND coalesce(
    ${row}.own_waiting @> '[{"operation": "add", "reason": {"code": "put-back"}}]', false))`;
}

/** Whether the user of the row still waits, and no rollout has taken that up. */
export function isWaiting(alias: 'u' | 'w'): SQL {
  const row = sql.raw(alias);
  return sql`(${row}.pending IS NOT NULL AND ${row}.taken_up_by IS NULL
    AND ${row}.wait_ended_at IS NULL)`;
}

/**
 * Whether the user of the row, `d` in the directory, still lacks a license that waits there. The next
 * check ends the wait (R107); until then nobody is told that they wait for what they hold.
 */
export function lacksWaiting(alias: 'w'): SQL {
  const row = sql.raw(alias);
  const starved = sql`CASE WHEN ${row}.outcome IN ('waiting-for-seat', 'host-pending')
    THEN coalesce(${row}.refused, '[]') ELSE '[]' END`;
  return sql`(d.gone_at IS NULL AND EXISTS (
    SELECT 1 FROM jsonb_array_elements(${row}.waiting || ${starved}) AS c
    WHERE c->>'operation' = 'add' AND c->'target'->>'kind' = 'license'
      AND NOT EXISTS (SELECT 1 FROM directory_license l WHERE l.org_id = d.org_id
        AND l.offer = c->'target'->>'offer'
        AND lower(l.site) IS NOT DISTINCT FROM lower(c->'target'->>'site')
        AND jsonb_exists(${believedHoldings('d')}->'licenses', l.license_id))))`;
}

/** Whether the watch may serve who waits in the row: their write hasn't failed, and isn't yet to come. */
export function isServable(alias: 'u' | 'w'): SQL {
  const row = sql.raw(alias);
  return sql`(${row}.outcome IN ('waiting-for-seat', 'host-pending', 'applied', 'converged', 'partial',
    'unconverged'))`;
}

/**
 * Who waits in the rollout `r` is served: it has written its last user, or it handed over to a rollout
 * that has given them back.
 */
export const servesWaits = sql`(r.started_at IS NOT NULL AND (r.phase IN ('verifying', 'completed')
  OR r.phase = 'aborted' AND EXISTS (SELECT 1 FROM rollout s WHERE s.replan_of = r.rollout_id)))`;
