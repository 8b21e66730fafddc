/** Reads the users of a plan in pages, always in the same order. */
import { sql, type SQL } from 'drizzle-orm';
import type { Candidate } from '../../domain/kinds/candidate';
import type { Queryable } from '../connect';
import type { GroupCover } from '../directory/group-covers';
import { groupNosOf, orgNoOf } from '../numbers';
import { believedHoldings, textList } from '../sql';
import { isTakenUp, type Taking } from '../rollout/taken-rows';
import { waitsColumn } from '../watch/reaction-columns';
import { phoneColumn } from './candidate-phone';
import { doubtfulGroupsColumn } from './doubtful-groups';
import { turnedOffColumn } from './turned-off';
import { toCandidate, type CandidateRow } from './candidate-row';
import { anyFacts, readRareFacts, type RareFacts } from './rare-facts';
import {
  plannedCandidate,
  type PlannedCandidate,
  type PlannedCandidateRow,
} from './planned-candidate';
import { sharedContents, sharedHoldings } from './shared';
import { factsSql, memberOf, reachSql, type CandidateReach } from './reach-sql';

const candidatesPerPage = 500;

export interface CandidateQuery {
  orgId: string;
  /** Groups whose memberships matter: those that hold a template, and those that the change names. */
  groups: readonly GroupCover[];
  /** Users who may be in scope; the domain decides. */
  reach: CandidateReach;
  pilotUsers: readonly string[];
  pilotGroups: readonly string[];
  /** Users, and groups whose members the request leaves out (R103). */
  except?: { users: readonly string[]; groups: readonly GroupCover[] };
  /** Only users whom this rollout has taken up from another (R102). */
  taken?: Taking;
  /** Reads why users hold what they hold (R20, R22, R30, R31). */
  withProvenance: boolean;
  /** Reads whether users can have Calling (R62). */
  withCalling: boolean;
}

/** Who a candidate is. */
export type CandidateName = Pick<Candidate, 'personId' | 'email' | 'displayName'>;

/** The users of a plan page by page, each page read as it is needed; after the last, pages are empty. */
export interface CandidatePages {
  /** The next page, with everything that is decided from. */
  candidates(): Promise<Candidate[]>;
  /** The next page, without anything else. */
  names(): Promise<CandidateName[]>;
}

export async function candidatePages(
  tx: Queryable,
  query: CandidateQuery,
  perPage = candidatesPerPage,
): Promise<CandidatePages> {
  const { orgId } = query;
  const { joins, condition, columns } = reachSql(query.reach, query);
  const doubtful = await doubtfulGroupsColumn(tx, query);
  const rare = await readRareFacts(tx, query);
  const shared = sharedHoldings(tx);
  const everything = sql`${userColumns(query, ownHoldings, rare)}, ${columns},
    ${doubtful} AS "doubtfulGroupIds"`;
  let after = '';
  const nextPage = (selected: SQL) => sql`
    SELECT ${selected} FROM directory_user u ${joins}
    WHERE u.org_no = ${orgNoOf(orgId)} AND u.gone_at IS NULL AND u.person_id > ${after}
      AND ${condition} AND ${isTaken(query)}
    ORDER BY u.person_id LIMIT ${perPage}`;
  const moveTo = (last: CandidateName | undefined) => {
    after = last?.personId ?? after;
  };
  return {
    async candidates() {
      const { rows } = await tx.execute<CandidateRow>(nextPage(everything));
      moveTo(rows.at(-1));
      await shared.read(rows.flatMap(({ holdings, holdingsNo }) => (holdings ? [] : holdingsNo)));
      return rows.map((row) => toCandidate(row, row.holdings ?? shared.of(row.holdingsNo), orgId));
    },
    async names() {
      const { rows } = await tx.execute<CandidateName>(nextPage(nameColumns));
      moveTo(rows.at(-1));
      return rows;
    },
  };
}

/** All candidates, in pages. */
export async function* readCandidates(
  tx: Queryable,
  query: CandidateQuery,
  perPage = candidatesPerPage,
): AsyncGenerator<Candidate[]> {
  const pages = await candidatePages(tx, query, perPage);
  for (;;) {
    const page = await pages.candidates();
    if (page.length > 0) yield page;
    if (page.length < perPage) return;
  }
}

/**
 * Reads the users of a rollout who wait for their write, in order of service. They hold what they held
 * when they were planned. Users whose first attempt has begun are left out. `seq`: only that row.
 */
export async function* readPlannedCandidates(
  tx: Queryable,
  query: CandidateQuery,
  { rolloutId, seq = null }: { rolloutId: string; seq?: number | null },
): AsyncGenerator<PlannedCandidate[]> {
  const { orgId } = query;
  const { joins, condition, columns } = factsSql(query.reach, query);
  const doubtful = await doubtfulGroupsColumn(tx, query);
  const rare = seq === null ? await readRareFacts(tx, query) : anyFacts;
  const contents = sharedContents(tx, rolloutId);
  for (let after = 0; ;) {
    const { rows } = await tx.execute<PlannedCandidateRow>(sql`
      SELECT x.seq, x.wave, x.content, x.own_changes AS "ownChanges", x.own_waiting AS "ownWaiting",
        x.own_blocked AS "ownBlocked", ${userColumns(query, sql`x.own_before`, rare)}, ${columns}, ${doubtful} AS "doubtfulGroupIds"
      FROM rollout_row x JOIN directory_user u ON u.org_id = x.org_id AND u.person_id = x.person_id
        ${joins}
      WHERE x.rollout_id = ${rolloutId} AND x.outcome = 'planned' AND x.intent_at IS NULL
        AND x.put_back IS NULL AND u.org_id = ${orgId} AND u.gone_at IS NULL AND x.seq > ${after}
        AND ${seq === null ? sql`true` : sql`x.seq = ${seq}`} AND ${condition}
      ORDER BY x.seq LIMIT ${candidatesPerPage}`);
    await contents.read(rows.flatMap(({ content }) => content ?? []));
    const page = rows.map((row) => plannedCandidate(row, contents, orgId));
    if (page.length > 0) yield page;
    const last = rows.at(-1);
    if (!last || rows.length < candidatesPerPage) return;
    after = last.seq;
  }
}

/** What is read of the user `u`, whatever the change is. */
function userColumns(query: CandidateQuery, holdings: SQL, rare: RareFacts): SQL {
  const { withProvenance, withCalling } = query;
  const provenance = withProvenance ? provenanceColumns : noProvenance;
  const phone = withCalling ? phoneColumn : sql`NULL::jsonb`;
  return sql`${nameColumns}, u.kind,
    CASE WHEN jsonb_array_length(u.addresses) > 1 THEN u.addresses END AS addresses,
    ${holdings} AS holdings, u.holdings_no AS "holdingsNo", u.is_explicit AS "isExplicit",
    u.is_new AND NOT u.only_gains AS "isNew",
    ${groupsColumn(query, rare)} AS "groupIds", ${isInPilot(query)} AS "inPilot",
    ${isLeftOut(query)} AS "isLeftOut", ${rare.isAnyWaiting ? waitsColumn(query.taken?.from ?? null) : none} AS waits,
    ${rare.isAnyWritten ? turnedOffColumn : none} AS "turnedOff", ${provenance}, ${phone} AS phone`;
}

const none = sql`NULL::jsonb`;

/** Most users have no answer that is newer than the last read: what they hold is read once per list. */
const ownHoldings = sql`CASE WHEN u.answered IS NOT NULL THEN ${believedHoldings('u')} END`;

const nameColumns = sql`u.person_id AS "personId", u.email, u.display_name AS "displayName"`;

const provenanceColumns = sql`u.first_licenses AS "firstLicenses",
  (SELECT jsonb_object_agg(p.target, jsonb_build_object(
      'kind', p.kind, 'templateId', p.template_id, 'revision', p.revision))
    FROM provenance p WHERE p.org_id = u.org_id AND p.person_id = u.person_id
      AND p.ended_at IS NULL) AS given`;
const noProvenance = sql`NULL::jsonb AS "firstLicenses", NULL::jsonb AS given`;

function isTaken({ taken }: CandidateQuery): SQL {
  return taken ? sql`EXISTS (${takenRow(taken)})` : sql`true`;
}

function takenRow(taking: Taking): SQL {
  return sql`SELECT 1 FROM rollout_user w WHERE ${isTakenUp(taking)} AND w.person_id = u.person_id`;
}

/** Named by the request, or in the pilot from which they are left. */
function isInPilot({ orgId, pilotUsers, pilotGroups, taken }: CandidateQuery): SQL {
  const isOfRequest = sql`u.person_id IN ${textList(pilotUsers)}`;
  const isNamed = taken
    ? sql`(${isOfRequest} OR EXISTS (${takenRow(taken)} AND w.wave = 0))`
    : isOfRequest;
  return pilotGroups.length > 0 ? sql`(${isNamed} OR ${memberOf(orgId, pilotGroups)})` : isNamed;
}

function isLeftOut({ orgId, except }: CandidateQuery): SQL {
  if (!except) return sql`false`;
  const groups = except.groups.flatMap(({ memberGroupIds }) => memberGroupIds);
  const isNamed = sql`u.person_id IN ${textList(except.users)}`;
  return groups.length > 0 ? sql`(${isNamed} OR ${memberOf(orgId, groups)})` : isNamed;
}

/** The groups that the user belongs to, directly or through a group inside them (R10). */
function groupsColumn({ orgId, groups }: CandidateQuery, { isAnyUnnumbered }: RareFacts): SQL {
  if (groups.length === 0) return none;
  if (groups.every(({ memberGroupIds }) => memberGroupIds.length === 1)) {
    const groupIds = groups.map(({ groupId }) => groupId);
    // The usual case is cheap: no group has others inside it.
    return isAnyUnnumbered
      ? sql`(SELECT jsonb_agg(m.group_id ORDER BY m.group_id) FROM directory_member m
          WHERE m.org_id = u.org_id AND m.member_id = u.person_id
            AND m.group_id IN ${textList(groupIds)})`
      : sql`(SELECT jsonb_agg(g.group_id ORDER BY g.group_id)
          FROM mirror_member m JOIN group_number g ON g.group_no = m.group_no
          WHERE m.user_no = u.user_no AND m.group_no = ANY(ARRAY${groupNosOf(orgId, groupIds)}))`;
  }
  const pairs = groups.flatMap(({ groupId, memberGroupIds }) =>
    memberGroupIds.map((inner) => ({ outer_id: groupId, inner_id: inner })),
  );
  return sql`(SELECT jsonb_agg(DISTINCT c.outer_id ORDER BY c.outer_id)
    FROM jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS c(outer_id text, inner_id text)
      JOIN directory_member m ON m.group_id = c.inner_id
    WHERE m.org_id = u.org_id AND m.member_id = u.person_id)`;
}
