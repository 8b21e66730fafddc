/** Lists of the directory that aren't believed, and what people accept of them (R88). */
import { sql } from 'drizzle-orm';
import type { Actor } from '../../../domain/model/actor';
import type { RefusedList } from '../../../domain/watch/refused-list';
import type { Queryable } from '../../connect';
import { finalPhases } from '../../../domain/rollout/rollout-phase';
import { literals } from '../../sql';
import { listName, lockBelief, noRefusal } from './beliefs';

/** A list that is never read again is forgotten. */
const shownFor = sql.raw(`interval '2 days'`);

export interface StoredRefusal extends RefusedList {
  since: Date;
  /** When the last read was refused, and how many were in a row. */
  at: Date;
  reads: number;
  accepted: { by: string; reason: string; at: Date } | null;
}

interface RefusalRow extends RefusedList, Record<string, unknown> {
  since: string;
  at: string;
  reads: number;
  grantedBy: string | null;
  grantReason: string | null;
  grantedAt: string | null;
}

/** The group holds a template, an open rollout names it, or it is inside such a group. */
const membersCount = sql`(b.list LIKE 'members:%' AND substr(b.list, 9) IN (
  WITH RECURSIVE used(group_id) AS (
    SELECT t.group_id FROM template t
    WHERE t.org_id = b.org_id AND t.deleted_at IS NULL AND t.group_id IS NOT NULL
    UNION
    SELECT named.id FROM rollout r,
      LATERAL (SELECT jsonb_array_elements_text(
        coalesce(nullif(r.request->'pilot', 'null')->'groups', '[]')
        || coalesce(r.request->'except'->'groups', '[]')
        || coalesce(r.request->'change'->'from'->'groups', '[]')) AS id) named
    WHERE r.org_id = b.org_id AND r.phase NOT IN (${literals(finalPhases)})
    UNION
    SELECT m.member_id FROM used JOIN directory_member m ON m.org_id = b.org_id
      AND m.group_id = used.group_id AND m.type = 'group'
  ) SELECT group_id FROM used))`;

/** The license is sold, or a template owns one of it. */
const holdersCount = sql`(b.list LIKE 'holders:%' AND (
  EXISTS (SELECT 1 FROM directory_license k WHERE k.org_id = b.org_id AND k.gone_at IS NULL
    AND substr(b.list, 9) IN (k.license_id, 'attendee:' || k.site))
  OR EXISTS (SELECT 1 FROM provenance p WHERE p.org_id = b.org_id
    AND p.target = substr(b.list, 9) AND p.ended_at IS NULL)))`;

/** Of the belief `b`: something depends on its list. The members of a group without a template say nothing. */
const isInUse = sql`(b.list IN (${literals([listName.people, listName.groups, listName.licenses])})
  OR ${membersCount} OR ${holdersCount})`;

/** Ends refusals of lists on which nothing depends any more: nobody reads them again. */
export async function endUnusedRefusals(tx: Queryable, orgId: string): Promise<void> {
  await tx.execute(sql`
    UPDATE directory_belief b SET ${noRefusal}
    WHERE b.org_id = ${orgId} AND b.refusal IS NOT NULL AND NOT ${isInUse}`);
}

/** Lists that aren't believed now, with both figures; one only, if it is named. */
export async function listRefusals(
  db: Queryable,
  orgId: string,
  list: string | null = null,
): Promise<StoredRefusal[]> {
  const { rows } = await db.execute<RefusalRow>(sql`
    SELECT b.list, coalesce(g.display_name, l.name) AS name, b.refusal, b.refused_before AS before,
      b.refused_now AS now, b.refused_missing AS missing, b.refused_since AS since,
      b.refused_at AS at, b.refused_reads AS reads, b.granted_by AS "grantedBy",
      b.grant_reason AS "grantReason", b.granted_at AS "grantedAt"
    FROM directory_belief b
      LEFT JOIN directory_group g ON g.org_id = b.org_id AND b.list = 'members:' || g.group_id
      LEFT JOIN directory_license l ON l.org_id = b.org_id AND b.list = 'holders:' || l.license_id
    WHERE b.org_id = ${orgId} AND b.refusal IS NOT NULL AND b.refused_at > now() - ${shownFor}
      AND ${isInUse}
      AND (${list}::text IS NULL OR b.list = ${list})
    ORDER BY b.list`);
  return rows.map(({ grantedBy, grantReason, grantedAt, ...row }) => ({
    ...row,
    since: new Date(row.since),
    at: new Date(row.at),
    accepted:
      grantedBy !== null && grantedAt !== null
        ? { by: grantedBy, reason: grantReason ?? '', at: new Date(grantedAt) }
        : null,
  }));
}

/** Who accepts what of a list. It holds until the list is believed. */
export interface Grant {
  orgId: string;
  list: string;
  shown: number;
  missing: number;
  actor: Actor;
  reason: string;
}

/** A person accepts a list that shows so many entries while so many are missing. */
export async function grantList(tx: Queryable, grant: Grant): Promise<void> {
  const { orgId, list, shown, missing, actor, reason } = grant;
  await lockBelief(tx, orgId, list);
  await tx.execute(sql`
    UPDATE directory_belief SET grant_shown = ${shown}, grant_missing = ${missing},
      granted_by = ${actor.name}, grant_reason = ${reason}, granted_at = now()
    WHERE org_id = ${orgId} AND list = ${list}`);
}
