import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** Counts what a template added and still owns (R31a): licenses, attendee accounts, and their users. */
export async function countGivenBy(
  db: Queryable,
  orgId: string,
  templateId: string,
): Promise<{ users: number; licenses: number }> {
  const { rows } = await db.execute<{ users: number; licenses: number }>(sql`
    SELECT count(DISTINCT p.person_id)::int AS users, count(*)::int AS licenses
    FROM provenance p JOIN directory_user d USING (org_id, person_id)
    WHERE p.org_id = ${orgId} AND p.template_id = ${templateId} AND p.ended_at IS NULL
      AND d.gone_at IS NULL`);
  return rows[0] ?? { users: 0, licenses: 0 };
}
