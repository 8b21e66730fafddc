import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connect';

/**
 * Notes that a group has vanished, or that a group inside another one came or went. It concerns all their
 * members, so that plans that are being carried out decide their users again, one by one (R101).
 */
export async function noteGroupsChanged(db: Queryable, orgId: string): Promise<void> {
  await db.execute(groupsChangedIf(orgId, sql`SELECT 1`));
}

/** The same as the end of a statement that says in `found` whether there is anything to note. */
export function groupsChangedIf(orgId: string, found: SQL): SQL {
  return sql`UPDATE organization SET groups_changed_at = clock_timestamp()
    WHERE org_id = ${orgId} AND EXISTS (${found})`;
}
