import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { answerTrust, textList } from '../sql';

/**
 * What a read doesn't show any more was taken by somebody else: whoever gives it again is its owner
 * then (R31a). A read is believed about this only a day after it was given (R80).
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
