/** What is believed of each list of the directory, and what was refused and why (R88). */
import { sql } from 'drizzle-orm';
import {
  believe,
  type Belief,
  type ListEvidence,
  type ListRead,
  type Refusal,
} from '../../../domain/watch/believe';
import type { Queryable } from '../../connect';

/** The name of a list: one word, or what it is about after a colon. */
export const listName = {
  people: 'people',
  groups: 'groups',
  licenses: 'licenses',
  members: (groupId: string) => `members:${groupId}`,
  holders: (licenseId: string) => `holders:${licenseId}`,
};

export interface ListToJudge {
  orgId: string;
  list: string;
  read: ListRead;
  maxDropPercent: number;
  saysEmpty?: boolean;
  emptyIsADrop?: boolean;
  /** Entries that another source gives now. */
  otherCount?: number | null;
}

/** Judges a list and records the verdict: accepted figures, or both figures of what was refused. */
export async function judgeList(tx: Queryable, judged: ListToJudge): Promise<Belief> {
  const { orgId, list, read, maxDropPercent, otherCount = null } = judged;
  const { grantMissing, acceptedOther } = await lockBelief(tx, orgId, list);
  const evidence: ListEvidence = {
    acceptedMissing: grantMissing,
    saysEmpty: judged.saysEmpty ?? false,
    emptyIsADrop: judged.emptyIsADrop ?? false,
    otherSource: otherCount === null ? null : { now: otherCount, before: acceptedOther },
  };
  const belief = believe(read, evidence, maxDropPercent);
  if (belief.refusal === null) await recordAccepted(tx, judged);
  else await recordRefused(tx, { orgId, list, refusal: belief.refusal, ...read });
  return belief;
}

export interface KnownBelief extends Record<string, unknown> {
  list: string;
  acceptedCount: number | null;
  /** By the database's clock. */
  acceptedAt: string | null;
  refusedNow: number | null;
  /** By the database's clock. */
  refusedAt: string | null;
}

/** Accepted and refused figures of the lists whose names begin with `prefix`. */
export async function knownBeliefs(
  tx: Queryable,
  orgId: string,
  prefix: string,
): Promise<KnownBelief[]> {
  const { rows } = await tx.execute<KnownBelief>(sql`
    SELECT list, accepted_count AS "acceptedCount", accepted_at AS "acceptedAt", refused_now AS "refusedNow",
      refused_at AS "refusedAt"
    FROM directory_belief WHERE org_id = ${orgId} AND starts_with(list, ${prefix})`);
  return rows;
}

interface Known extends Record<string, unknown> {
  grantMissing: number | null;
  acceptedOther: number | null;
}

/** The belief in a list, created if need be; others wait until this transaction has ended. */
export async function lockBelief(tx: Queryable, orgId: string, list: string): Promise<Known> {
  await tx.execute(sql`
    INSERT INTO directory_belief (org_id, list) VALUES (${orgId}, ${list})
    ON CONFLICT (org_id, list) DO NOTHING`);
  const { rows } = await tx.execute<Known>(sql`
    SELECT grant_missing AS "grantMissing", accepted_other AS "acceptedOther"
    FROM directory_belief WHERE org_id = ${orgId} AND list = ${list} FOR UPDATE`);
  return rows[0] ?? { grantMissing: null, acceptedOther: null };
}

/** A list that is believed ends its refusal, and what a person had accepted is used up. */
async function recordAccepted(tx: Queryable, judged: ListToJudge): Promise<void> {
  const { orgId, list, read, otherCount = null } = judged;
  await tx.execute(sql`
    UPDATE directory_belief SET accepted_count = ${read.now}, accepted_at = now(),
      accepted_other = coalesce(${otherCount}::int, accepted_other),
      ${noRefusal}
    WHERE org_id = ${orgId} AND list = ${list}`);
}

/** Of a belief: its list isn't refused, and nothing of it was accepted by a person. */
export const noRefusal = sql`refusal = NULL, refused_before = NULL, refused_now = NULL, refused_missing = NULL,
  refused_since = NULL, refused_at = NULL, refused_reads = 0,
  grant_shown = NULL, grant_missing = NULL, granted_by = NULL, grant_reason = NULL, granted_at = NULL`;

export interface ListToRefuse {
  orgId: string;
  list: string;
  refusal: Refusal;
  before: number;
  now: number;
  missing: number;
}

/** Records both figures of a list that isn't believed. */
export async function recordRefused(tx: Queryable, refused: ListToRefuse): Promise<void> {
  const { orgId, list, refusal, before, now, missing } = refused;
  await tx.execute(sql`
    INSERT INTO directory_belief AS b (org_id, list, refusal, refused_before, refused_now,
      refused_missing, refused_since, refused_at, refused_reads)
    VALUES (${orgId}, ${list}, ${refusal}, ${before}, ${now}, ${missing}, now(), now(), 1)
    ON CONFLICT (org_id, list) DO UPDATE SET refusal = excluded.refusal,
      refused_before = excluded.refused_before, refused_now = excluded.refused_now,
      refused_missing = excluded.refused_missing,
      refused_since = coalesce(b.refused_since, excluded.refused_since),
      refused_at = excluded.refused_at, refused_reads = b.refused_reads + 1`);
}

/** Records that a list lacks a part: `before` is then what Webex promises. */
export async function recordIncomplete(
  tx: Queryable,
  of: { orgId: string; list: string; shown: number; promised: number | null },
): Promise<void> {
  const { orgId, list, shown, promised } = of;
  const missing = Math.max(0, (promised ?? shown) - shown);
  const before = promised ?? shown;
  await recordRefused(tx, { orgId, list, refusal: 'incomplete', before, now: shown, missing });
}

/** What a person accepts of a list that can't be proved complete: so many shown, so many missing. */
export interface GrantedPart extends Record<string, unknown> {
  shown: number;
  missing: number;
}

export async function grantedPart(
  db: Queryable,
  orgId: string,
  list: string,
): Promise<GrantedPart | null> {
  const { rows } = await db.execute<GrantedPart>(sql`
    SELECT grant_shown AS shown, grant_missing AS missing FROM directory_belief
    WHERE org_id = ${orgId} AND list = ${list} AND grant_shown IS NOT NULL`);
  return rows[0] ?? null;
}

/** A list that lacked a part is whole again: what a person accepted of it was for that trouble only. */
export async function endIncomplete(tx: Queryable, orgId: string, list: string): Promise<void> {
  await tx.execute(sql`
    UPDATE directory_belief SET ${noRefusal}
    WHERE org_id = ${orgId} AND list = ${list} AND refusal = 'incomplete'`);
}

/** What a list showed, and what Webex promised, when a person accepted that it lacks a part. */
export interface AcceptedPart extends Record<string, unknown> {
  shown: number;
  promised: number | null;
}

export async function acceptedPart(
  db: Queryable,
  orgId: string,
  list: string,
): Promise<AcceptedPart | null> {
  const { rows } = await db.execute<AcceptedPart>(sql`
    SELECT part_shown AS shown, part_promised AS promised FROM directory_belief
    WHERE org_id = ${orgId} AND list = ${list} AND part_shown IS NOT NULL`);
  return rows[0] ?? null;
}

/** Remembers what a person accepts of a list that lacks a part; null: the list is whole again. */
export async function keepAcceptedPart(
  tx: Queryable,
  of: { orgId: string; list: string; part: AcceptedPart | null },
): Promise<void> {
  const { orgId, list, part } = of;
  if (part) await lockBelief(tx, orgId, list);
  await tx.execute(sql`
    UPDATE directory_belief
    SET part_shown = ${part?.shown ?? null}::int, part_promised = ${part?.promised ?? null}::int
    WHERE org_id = ${orgId} AND list = ${list}
      AND (part_shown, part_promised) IS DISTINCT FROM (${part?.shown ?? null}::int, ${part?.promised ?? null}::int)`);
}

/** A read of this list was whole and plausible: nothing of it is missing. */
export async function acceptList(
  tx: Queryable,
  accepted: { orgId: string; list: string; count: number; otherCount?: number | null },
): Promise<void> {
  const { orgId, list, count, otherCount = null } = accepted;
  await lockBelief(tx, orgId, list);
  const read: ListRead = { before: count, now: count, missing: 0, missingTwice: 0 };
  await recordAccepted(tx, { orgId, list, read, maxDropPercent: 0, otherCount });
}

/** The refusals of lists that don't exist any more, or that nobody reads any more, end. */
export async function forgetBeliefs(
  tx: Queryable,
  orgId: string,
  lists: readonly string[],
): Promise<void> {
  if (lists.length === 0) return;
  await tx.execute(sql`
    DELETE FROM directory_belief WHERE org_id = ${orgId}
      AND list IN (SELECT jsonb_array_elements_text(${JSON.stringify(lists)}::jsonb))`);
}
