import { sql } from 'drizzle-orm';
import type { Entitlement } from '../../domain/model/template';
import type { Queryable } from '../connect';

/** What the templates of an organization grant, in force or as a draft. */
export async function listCurrentEntitlements(
  db: Queryable,
  orgId: string,
): Promise<Entitlement[]> {
  const { rows } = await db.execute<{ entitlements: Entitlement[] }>(sql`
    SELECT r.entitlements FROM template t JOIN template_revision r USING (template_id)
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL
      AND r.revision IN (t.in_force_revision, t.draft_revision)`);
  return rows.flatMap(({ entitlements }) => entitlements);
}
