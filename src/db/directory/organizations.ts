/** The organizations that this installation serves. */
import { and, count, eq, isNotNull, sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { mirrorUser, organization } from '../schema';

/** Stores what the check of the credential found, for a new organization or a known one. */
export async function saveOrganization(
  db: Queryable,
  found: Pick<typeof organization.$inferInsert, 'orgId' | 'orgUuid' | 'displayName'> & {
    credentialReport: Record<string, unknown>;
  },
): Promise<void> {
  const { displayName, credentialReport } = found;
  await db.insert(organization).values(found).onConflictDoUpdate({
    target: organization.orgId,
    set: { displayName, credentialReport },
  });
}

/** The id of the only organization; null where there is none, or more than one. */
export async function findSoleOrganization(db: Queryable): Promise<string | null> {
  const rows = await db.select({ orgId: organization.orgId }).from(organization).limit(2);
  return rows.length === 1 ? (rows[0]?.orgId ?? null) : null;
}

/** Whether the directory was ever read completely. */
export async function isObserved(db: Queryable, orgId: string): Promise<boolean> {
  const rows = await db
    .select({ orgId: organization.orgId })
    .from(organization)
    .where(and(eq(organization.orgId, orgId), isNotNull(organization.observedAt)));
  return rows.length > 0;
}

/** A complete read of the directory has ended. */
export async function markObserved(db: Queryable, orgId: string): Promise<void> {
  await db
    .update(organization)
    .set({ observedAt: sql`now()` })
    .where(eq(organization.orgId, orgId));
}

/** Users in the mirror, of all organizations: how far a first read is. */
export async function countMirroredUsers(db: Queryable): Promise<number> {
  const [row] = await db.select({ users: count() }).from(mirrorUser);
  return row?.users ?? 0;
}
