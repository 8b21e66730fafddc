import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { answerTrust, textList } from '../sql';

/** Whether the mirror shows that user `u` doesn't hold the target of `p` any more, and may be believed. */
export const isLost = sql`(u.answered IS NULL AND p.since < u.read_at - ${answerTrust}
  AND CASE WHEN p.target LIKE 'attendee:%'
    THEN NOT coalesce(u.attendee_sites, jsonb_build_array(substr(p.target, 10))) ? substr(p.target, 10)
    ELSE NOT u.licenses ? p.target END)`;

/**
 * Notes what a read of these users, or of everybody, doesn't show any more, and what it shows again.
 * Ownership doesn't end by this: a second read and the whole list of holders have to agree (R89, R92).
 * Reads count only a day after the addition (R80).
 */
export async function noteLostOwnership(
  tx: Queryable,
  { orgId, personIds }: { orgId: string; personIds?: readonly string[] },
): Promise<void> {
  await tx.execute(sql`
    UPDATE provenance p SET missed_at = CASE WHEN ${isLost} THEN now() END, missed_checks = 0
    FROM directory_user u
    WHERE p.org_id = ${orgId} AND p.ended_at IS NULL
      AND ${personIds ? sql`p.person_id IN ${textList(personIds)}` : sql`true`}
      AND u.org_id = p.org_id AND u.person_id = p.person_id
      AND ${isLost} <> (p.missed_at IS NOT NULL)`);
}
