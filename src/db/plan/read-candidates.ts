/** The users whom planning looks at, in pages that are always in the same order. */
import { sql, type SQL } from 'drizzle-orm';
import { holdingsDigest } from '../../domain/csv/stamp';
import type { CsvWish } from '../../domain/csv/requested-cells';
import type { Candidate } from '../../domain/kinds/candidate';
import type { Change, ChangeTarget } from '../../domain/model/change';
import type { Holdings, Provenance, UserKind } from '../../domain/model/user';
import { provenanceOf } from '../../domain/watch/provenance';
import type { Reaction } from '../../domain/watch/reaction';
import { phoneColumn, verdictOf, type PhoneRow } from './candidate-phone';
import type { Queryable } from '../connect';
import { believedHoldings } from '../sql';
import type { GroupCover } from '../directory/group-covers';

const candidatesPerPage = 500;

/** Who may be in scope; the core has the last word. */
export type CandidateReach =
  | { kind: 'everybody' }
  | { kind: 'nobody' }
  | { kind: 'groups'; groupIds: readonly string[]; orGivenBy: string | null }
  | { kind: 'given-by'; templateId: string }
  | { kind: 'users'; personIds: readonly string[] }
  /** One user, with the reaction that waits for them where there is one. */
  | { kind: 'explained'; personId: string }
  /** Rows of a CSV import. */
  | { kind: 'csv'; importId: string }
  /** What the watch found for this rollout. */
  | { kind: 'reactions'; rolloutId: string }
  /** From whom an earlier rollout took something. */
  | { kind: 'taken-by'; rolloutId: string };

export interface CandidateScope {
  orgId: string;
  /** Groups whose memberships matter: those that hold a template, and those that are named. */
  groups: readonly GroupCover[];
  reach: CandidateReach;
  pilotUsers: readonly string[];
  pilotGroups: readonly string[];
  /** Whether where things come from matters (R20, R22, R30, R31). */
  withProvenance: boolean;
  /** Whether somebody may be given Calling: then it is known of everybody whether they can (R62). */
  withCalling: boolean;
}

interface CandidateRow extends Record<string, unknown> {
  personId: string;
  email: string;
  displayName: string;
  kind: UserKind;
  holdings: Holdings;
  groupIds: string[] | null;
  inPilot: boolean;
  isExplicit: boolean;
  isNew: boolean;
  firstLicenses: string[] | null;
  given: Record<string, Provenance> | null;
  csv: CsvWish | null;
  reaction: Reaction | null;
  withheld: Change[] | null;
  taken: ChangeTarget[] | null;
  phone: PhoneRow | null;
}

export async function* readCandidates(
  tx: Queryable,
  scope: CandidateScope,
): AsyncGenerator<Candidate[]> {
  const { joins, condition, columns } = reachSql(scope.reach);
  const inPilot =
    scope.pilotGroups.length > 0
      ? sql`(u.person_id IN ${list(scope.pilotUsers)} OR ${memberOf(scope.pilotGroups)})`
      : sql`u.person_id IN ${list(scope.pilotUsers)}`;
  const provenance = scope.withProvenance
    ? sql`u.first_licenses AS "firstLicenses", (SELECT jsonb_object_agg(p.target, jsonb_build_object(
          'kind', p.kind, 'templateId', p.template_id, 'revision', p.revision))
        FROM provenance p WHERE p.org_id = u.org_id AND p.person_id = u.person_id
          AND p.ended_at IS NULL) AS given`
    : sql`NULL::jsonb AS "firstLicenses", NULL::jsonb AS given`;
  const phone = scope.withCalling ? phoneColumn : sql`NULL::jsonb`;
  for (let after = ''; ;) {
    const { rows } = await tx.execute<CandidateRow>(sql`
      SELECT u.person_id AS "personId", u.email, u.display_name AS "displayName", u.kind,
        ${believedHoldings('u')} AS holdings, u.is_explicit AS "isExplicit", u.is_new AS "isNew",
        ${groupsSql(scope.groups)} AS "groupIds", ${inPilot} AS "inPilot", ${provenance}, ${columns},
        ${phone} AS phone
      FROM directory_user u ${joins}
      WHERE u.org_id = ${scope.orgId} AND u.gone_at IS NULL AND u.person_id > ${after}
        AND ${condition}
      ORDER BY u.person_id LIMIT ${candidatesPerPage}`);
    if (rows.length > 0) yield rows.map((row) => toCandidate(row, scope.orgId));
    const last = rows.at(-1);
    if (!last || rows.length < candidatesPerPage) return;
    after = last.personId;
  }
}

function groupsSql(groups: readonly GroupCover[]): SQL {
  if (groups.length === 0) return sql`NULL::jsonb`;
  if (groups.every(({ memberGroupIds }) => memberGroupIds.length === 1)) {
    // The usual case is cheap: nothing stands behind a group but itself.
    return sql`(SELECT jsonb_agg(m.group_id ORDER BY m.group_id) FROM directory_member m
      WHERE m.org_id = u.org_id AND m.member_id = u.person_id
        AND m.group_id IN ${list(groups.map(({ groupId }) => groupId))})`;
  }
  const pairs = groups.flatMap(({ groupId, memberGroupIds }) =>
    memberGroupIds.map((inner) => ({ outer_id: groupId, inner_id: inner })),
  );
  return sql`(SELECT jsonb_agg(DISTINCT c.outer_id ORDER BY c.outer_id)
    FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS c(outer_id text, inner_id text)
      JOIN directory_member m ON m.group_id = c.inner_id
    WHERE m.org_id = u.org_id AND m.member_id = u.person_id)`;
}

function reachSql(reach: CandidateReach): { joins: SQL; condition: SQL; columns: SQL } {
  const columns = sql`NULL::jsonb AS csv, NULL::jsonb AS reaction, NULL::jsonb AS withheld,
    NULL::jsonb AS taken`;
  const plain = (condition: SQL) => ({ joins: sql``, condition, columns });
  switch (reach.kind) {
    case 'everybody':
      return plain(sql`true`);
    case 'nobody':
      return plain(sql`false`);
    case 'users':
      return plain(sql`u.person_id IN ${list(reach.personIds)}`);
    case 'given-by':
      return plain(givenBy(reach.templateId));
    case 'groups': {
      const isMember = memberOf(reach.groupIds);
      const { orGivenBy } = reach;
      return plain(orGivenBy === null ? isMember : sql`(${isMember} OR ${givenBy(orGivenBy)})`);
    }
    case 'csv':
      return {
        joins: sql`JOIN csv_row c ON c.import_id = ${reach.importId} AND c.person_id = u.person_id`,
        condition: sql`c.org_id = u.org_id`,
        columns: sql`c.wish AS csv, NULL::jsonb AS reaction, NULL::jsonb AS withheld,
          NULL::jsonb AS taken`,
      };
    case 'reactions':
      return {
        joins: sql`JOIN reaction e ON e.rollout_id = ${reach.rolloutId}
          AND e.org_id = u.org_id AND e.person_id = u.person_id`,
        condition: sql`true`,
        columns: reactionColumns,
      };
    case 'explained':
      return {
        joins: sql`LEFT JOIN reaction e ON e.rollout_id IS NULL AND e.settled_at IS NULL
          AND e.org_id = u.org_id AND e.person_id = u.person_id`,
        condition: sql`u.person_id = ${reach.personId}`,
        columns: reactionColumns,
      };
    case 'taken-by':
      return {
        joins: sql`JOIN LATERAL (SELECT jsonb_agg(l.change->'target' ORDER BY l.ledger_id) AS targets
          FROM ledger l WHERE l.org_id = u.org_id AND l.person_id = u.person_id
            AND l.rollout_id = ${reach.rolloutId} AND l.operation = 'remove') t ON true`,
        condition: sql`t.targets IS NOT NULL`,
        columns: sql`NULL::jsonb AS csv, NULL::jsonb AS reaction, NULL::jsonb AS withheld,
          t.targets AS taken`,
      };
  }
}

const holdingBack =
  '$[*] ? (@.code == "forbidden" || @.code == "site-administrator" || @.code == "no-license")';
/** What is blocked (R39, R60) makes removals wait, too: units alone don't free those. */
const isHeldBack = sql`coalesce(o.blocked @? ${holdingBack}::jsonpath, false)`;

/** Of the reaction `e`; what was withheld from whom units are free for, and what Webex lacked units for. */
const reactionColumns = sql`NULL::jsonb AS csv, NULL::jsonb AS taken,
  CASE WHEN e.reaction_id IS NOT NULL
    THEN jsonb_build_object('mode', e.mode, 'causes', e.causes) END AS reaction,
  (SELECT jsonb_agg(w.change) FROM jsonb_array_elements(e.causes) cause
    JOIN rollout_user o ON o.rollout_id = (cause->>'rolloutId')::uuid
      AND o.person_id = u.person_id,
    LATERAL jsonb_array_elements(o.withheld || CASE
      WHEN o.outcome IN ('waiting-for-seat', 'host-pending')
      THEN coalesce(o.refused, '[]'::jsonb) ELSE '[]'::jsonb END) AS w(change)
    WHERE cause->>'kind' = 'units-free'
      AND (w.change->>'operation' = 'add' OR NOT ${isHeldBack})) AS withheld`;

function memberOf(groups: readonly string[]): SQL {
  return sql`EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = u.org_id
    AND m.member_id = u.person_id AND m.group_id IN ${list(groups)})`;
}

function givenBy(templateId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM provenance g WHERE g.org_id = u.org_id
    AND g.person_id = u.person_id AND g.template_id = ${templateId} AND g.ended_at IS NULL)`;
}

function list(ids: readonly string[]): SQL {
  return sql`(SELECT jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb))`;
}

function toCandidate(row: CandidateRow, orgId: string): Candidate {
  const { personId, email, displayName, kind, inPilot, holdings, firstLicenses, isNew } = row;
  const { csv, reaction, withheld, taken, phone } = row;
  const given = row.given ?? {};
  return {
    personId,
    email,
    displayName,
    kind,
    inPilot,
    holdings,
    groupIds: row.groupIds ?? [],
    ...(row.isExplicit ? { isExplicit: true } : {}),
    ...(firstLicenses
      ? { provenance: provenanceOf({ holdings, given, firstLicenses, isNew }) }
      : {}),
    ...(csv ? { csv: asOfNow(csv, { orgId, personId, holdings }) } : {}),
    ...(reaction ? { reaction } : {}),
    ...(withheld ? { waiting: { changes: withheld } } : {}),
    ...(taken ? { taken } : {}),
    ...(phone ? { calling: verdictOf(personId, phone) } : {}),
  };
}

/** R77: between export and planning nothing may have changed. */
function asOfNow(wish: CsvWish, user: Parameters<typeof holdingsDigest>[0]): CsvWish {
  if (wish.stamp === undefined || wish.stamp === holdingsDigest(user)) return wish;
  return { ...wish, isStale: true };
}
