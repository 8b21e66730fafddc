import { sql } from 'drizzle-orm';
import type { Queryable } from '../connect';

/** One stored id of each kind, whose form all others have; null where none is stored yet. */
export async function anyStoredIds(
  db: Queryable,
  orgUuid: string,
): Promise<{ person: string | null; group: string | null; license: string | null }> {
  const { rows } = await db.execute<{
    person: string | null;
    group: string | null;
    license: string | null;
  }>(sql`
    SELECT
      (SELECT u.person_id FROM directory_user u WHERE u.org_id = o.org_id LIMIT 1) AS person,
      (SELECT g.group_id FROM directory_group g WHERE g.org_id = o.org_id LIMIT 1) AS "group",
      (SELECT l.license_id FROM directory_license l WHERE l.org_id = o.org_id LIMIT 1) AS license
    FROM organization o WHERE o.org_uuid = ${orgUuid}`);
  return rows[0] ?? { person: null, group: null, license: null };
}
