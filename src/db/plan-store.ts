/** What planning reads and writes, in one snapshot: candidates in, rows out, whole or not at all. */
import { sql } from 'drizzle-orm';
import type { Candidate, Holdings, License, UserKind } from '../domain/model';
import type { PlanSummary } from '../domain/plan-summary';
import type { Queryable } from './connect';

const candidatesPerPage = 500;

export interface CandidateScope {
  orgId: string;
  /** Groups that hold a template: memberships in others don't matter. */
  templatedGroups: readonly string[];
  /** Only direct members of these; null is everybody. */
  onlyGroups: readonly string[] | null;
  onlyUsers: readonly string[] | null;
  pilotUsers: readonly string[];
  pilotGroups: readonly string[];
}

interface CandidateRow extends Record<string, unknown> {
  personId: string;
  email: string;
  displayName: string;
  kind: UserKind;
  licenses: string[];
  attendeeSites: string[] | null;
  answered: Holdings | null;
  groupIds: string[] | null;
  inPilot: boolean;
}

/** Candidates in pages, always in the same order. What an answer said beats the read (R80a). */
export async function* readCandidates(
  tx: Queryable,
  scope: CandidateScope,
): AsyncGenerator<Candidate[]> {
  const list = (ids: readonly string[]) =>
    sql`(SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;
  const memberOf = (groups: readonly string[]) =>
    sql`EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = u.org_id
      AND m.member_id = u.person_id AND m.group_id IN ${list(groups)})`;
  const inScope =
    scope.onlyGroups !== null
      ? memberOf(scope.onlyGroups)
      : scope.onlyUsers !== null
        ? sql`u.person_id IN ${list(scope.onlyUsers)}`
        : sql`true`;
  const inPilot =
    scope.pilotGroups.length > 0
      ? sql`(u.person_id IN ${list(scope.pilotUsers)} OR ${memberOf(scope.pilotGroups)})`
      : sql`u.person_id IN ${list(scope.pilotUsers)}`;
  const groupIds =
    scope.templatedGroups.length > 0
      ? sql`(SELECT jsonb_agg(m.group_id ORDER BY m.group_id) FROM directory_member m
          WHERE m.org_id = u.org_id AND m.member_id = u.person_id
            AND m.group_id IN ${list(scope.templatedGroups)})`
      : sql`NULL::jsonb`;
  for (let after = ''; ;) {
    const { rows } = await tx.execute<CandidateRow>(sql`
      SELECT u.person_id AS "personId", u.email, u.display_name AS "displayName", u.kind,
        u.licenses, u.attendee_sites AS "attendeeSites",
        CASE WHEN u.answered_at > now() - interval '24 hours' THEN u.answered END AS answered,
        ${groupIds} AS "groupIds", ${inPilot} AS "inPilot"
      FROM directory_user u
      WHERE u.org_id = ${scope.orgId} AND u.gone_at IS NULL AND u.person_id > ${after} AND ${inScope}
      ORDER BY u.person_id LIMIT ${candidatesPerPage}`);
    if (rows.length > 0) yield rows.map(toCandidate);
    const last = rows.at(-1);
    if (!last || rows.length < candidatesPerPage) return;
    after = last.personId;
  }
}

function toCandidate(row: CandidateRow): Candidate {
  const { personId, email, displayName, kind, inPilot, answered } = row;
  const holdings: Holdings = answered
    ? { licenses: answered.licenses, attendeeSites: answered.attendeeSites ?? row.attendeeSites }
    : { licenses: row.licenses, attendeeSites: row.attendeeSites };
  return { personId, email, displayName, kind, inPilot, holdings, groupIds: row.groupIds ?? [] };
}

/** Licenses that are listed now. */
export async function readLicenses(tx: Queryable, orgId: string): Promise<License[]> {
  const { rows } = await tx.execute<License & Record<string, unknown>>(sql`
    SELECT license_id AS id, offer, name, site, subscription_id AS "subscriptionId",
      site_type AS "siteType", total_units AS "totalUnits", consumed_units AS "consumedUnits"
    FROM directory_license WHERE org_id = ${orgId} AND gone_at IS NULL ORDER BY license_id`);
  return rows;
}

/** Stores a batch of plan rows, each a `PlannedUser` as JSON: the caller has needed that form already. */
export async function insertPlanRows(
  tx: Queryable,
  input: { orgId: string; rolloutId: string; rows: readonly string[] },
): Promise<void> {
  if (input.rows.length === 0) return;
  await tx.execute(sql`
    INSERT INTO rollout_user (org_id, rollout_id, seq, person_id, email, display_name, wave, step,
      before, changes, kept, blocked, withheld, expected, pending, outcome)
    SELECT ${input.orgId}, ${input.rolloutId}::uuid, r.*
    FROM jsonb_to_recordset(${`[${input.rows.join()}]`}::jsonb) AS r(seq int, "personId" text,
      email text, "displayName" text, wave smallint, step smallint, before jsonb, changes jsonb,
      kept jsonb, blocked jsonb, withheld jsonb, expected jsonb, pending text, outcome text)`);
}

export async function deletePlanRows(tx: Queryable, rolloutId: string): Promise<void> {
  await tx.execute(sql`DELETE FROM rollout_user WHERE rollout_id = ${rolloutId}`);
}

export async function storeSummary(
  tx: Queryable,
  input: { rolloutId: string; summary: PlanSummary; digest: string; expiresAt: Date },
): Promise<void> {
  await tx.execute(sql`
    UPDATE rollout SET summary = ${JSON.stringify(input.summary)}::jsonb, digest = ${input.digest},
      expires_at = ${input.expiresAt.toISOString()}::timestamptz
    WHERE rollout_id = ${input.rolloutId}`);
}

/**
 * Tells the query planner about the rows just stored, in their own transaction. Without it, whoever
 * looks for a page of them walks the whole wave for each person asked for.
 */
export async function analyzePlanRows(tx: Queryable): Promise<void> {
  await tx.execute(
    sql`ANALYZE rollout_user (org_id, rollout_id, seq, person_id, wave, outcome, intent_at)`,
  );
}
