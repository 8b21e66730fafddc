/** Lists of the directory that aren't believed, and what people accept of them (R88). */
import { sql } from 'drizzle-orm';
import type { Actor } from '../../domain/model/actor';
import type { RefusedList } from '../../domain/watch/refused-list';
import type { Queryable } from '../connect';
import { lockBelief } from './beliefs';

/** A list that is never read again, such as the members of a group without a template, is forgotten. */
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
