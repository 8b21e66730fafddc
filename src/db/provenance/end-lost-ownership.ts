import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { answerTrust, textList } from '../sql';

/**
 * What a read doesn't show any more was removed by somebody else, so that it has no owner any more:
 * adding it again sets a new one (R31a). Reads count for this only a day after the addition (R80).
 */
export async function endLostOwnership(
  tx: Queryable,
  input: { orgId: string; personIds: readonly string[] },
): Promise<void> {
  await tx.execute(sql`
    UPDATE provenance p SET ended_at = now() FROM directory_user u
    WHERE p.org_id = ${input.orgId} AND p.ended_at IS NULL
      AND p.person_id IN ${textList(input.personIds)}
      AND u.org_id = p.org_id AND u.person_id = p.person_id AND u.answered IS NULL
      AND p.since < u.read_at - ${answerTrust}
      AND CASE WHEN p.target LIKE 'attendee:%'
        THEN NOT coalesce(u.attendee_sites, jsonb_build_array(substr(p.target, 10))) ? substr(p.target, 10)
        ELSE NOT u.licenses ? p.target END`);
}
