import { and, asc, eq, gt, ilike, inArray, isNull, not, or, sql, type SQL } from 'drizzle-orm';
import { normalizedAddress } from '../../domain/model/address';
import type { License } from '../../domain/model/license';
import type { Db, Queryable } from '../connect';
import { likePattern, textArray, textList } from '../sql';
import { holdingsWith, orgNoOf, userNosByAddress } from '../numbers';
import {
  directoryGroup,
  directoryLicense,
  directoryMember,
  directoryUser,
  organization,
} from '../schema';

export type OrganizationRow = typeof organization.$inferSelect;

export type GroupRow = typeof directoryGroup.$inferSelect;

export type UserRow = typeof directoryUser.$inferSelect;

export function listOrganizations(db: Queryable): Promise<OrganizationRow[]> {
  return db.select().from(organization).orderBy(asc(organization.displayName));
}

/** By either form of its id. `lock` serializes saves that must see one another (R2). */
export async function findOrganization(
  db: Queryable,
  id: { orgId: string } | { orgUuid: string },
  lock = false,
): Promise<OrganizationRow | undefined> {
  const query = db
    .select()
    .from(organization)
    .where('orgId' in id ? eq(organization.orgId, id.orgId) : eq(organization.orgUuid, id.orgUuid));
  const [row] = await (lock ? query.for('update') : query);
  return row;
}

/** Licenses as of the last check, by offer, site and id. */
export async function listLicenses(
  db: Queryable,
  orgId: string,
): Promise<(License & { readAt: Date })[]> {
  const rows = await db
    .select()
    .from(directoryLicense)
    .where(and(eq(directoryLicense.orgId, orgId), isNull(directoryLicense.goneAt)))
    .orderBy(
      asc(directoryLicense.offer),
      asc(directoryLicense.site),
      asc(directoryLicense.licenseId),
    );
  return rows.map(({ licenseId, ...row }) => ({
    id: licenseId,
    offer: row.offer,
    name: row.name,
    site: row.site,
    subscriptionId: row.subscriptionId,
    siteType: row.siteType,
    totalUnits: row.totalUnits,
    consumedUnits: row.consumedUnits,
    readAt: row.readAt,
  }));
}

export interface DirectoryPage {
  orgId: string;
  /** Part of a name or address, without case. */
  text: string | null;
  /** Id where the page before ended. */
  after: string | null;
  limit: number;
}

export function listGroups(db: Queryable, page: DirectoryPage): Promise<GroupRow[]> {
  return db
    .select()
    .from(directoryGroup)
    .where(
      and(
        eq(directoryGroup.orgId, page.orgId),
        isNull(directoryGroup.deletedAt),
        page.after === null ? undefined : gt(directoryGroup.groupId, page.after),
        page.text === null ? undefined : ilike(directoryGroup.displayName, likePattern(page.text)),
      ),
    )
    .orderBy(asc(directoryGroup.groupId))
    .limit(page.limit);
}

/**
 * Groups by any of these ids or exact display names (R13). A group that a list didn't show still counts
 * (R89); where another one has taken its name, the name means that one (R90).
 */
export function findGroups(
  db: Queryable,
  wanted: { orgId: string; ids: string[]; names: string[] },
): Promise<GroupRow[]> {
  // What `lower` does depends on the collation, and has to be the same on both sides.
  const isNamed = sql`lower(${directoryGroup.displayName}) IN (
    SELECT lower(name) FROM unnest(${textArray(wanted.names)}) AS name)
    AND (${directoryGroup.goneAt} IS NULL OR NOT EXISTS (SELECT 1 FROM ${directoryGroup} other
      WHERE other.org_id = ${wanted.orgId} AND other.gone_at IS NULL
        AND lower(other.display_name) = lower(${directoryGroup.displayName})))`;
  return db
    .select()
    .from(directoryGroup)
    .where(
      and(
        eq(directoryGroup.orgId, wanted.orgId),
        isNull(directoryGroup.deletedAt),
        or(inArray(directoryGroup.groupId, wanted.ids), isNamed),
      ),
    )
    .orderBy(asc(directoryGroup.groupId));
}

export function listUsers(db: Queryable, page: DirectoryPage): Promise<UserRow[]> {
  const like = page.text === null ? null : likePattern(page.text);
  return db
    .select()
    .from(directoryUser)
    .where(
      and(
        eq(directoryUser.orgNo, orgNoOf(page.orgId)),
        isNull(directoryUser.goneAt),
        page.after === null ? undefined : gt(directoryUser.personId, page.after),
        like === null
          ? undefined
          : or(
              ilike(directoryUser.email, like),
              ilike(directoryUser.displayName, like),
              hasAddressLike(page.text),
            ),
      ),
    )
    .orderBy(asc(directoryUser.personId))
    .limit(page.limit);
}

/** Whether this is a part of one of the addresses of `directory_user`, in any case. */
export function hasAddressLike(text: string | null): SQL {
  return sql`${directoryUser.addresses}::text LIKE ${likePattern(normalizedAddress(text ?? ''))}`;
}

/** Whether the user of `directory_user` has one of these addresses, as `normalizedAddress` makes them. */
function hasAddress(orgId: string, addresses: readonly string[]): SQL {
  return sql`${directoryUser.userNo} = ANY(${userNosByAddress(orgId, addresses)})`;
}

/** Users by any of these ids or e-mail addresses. */
export function findUsers(
  db: Queryable,
  wanted: { orgId: string; ids: string[]; emails: string[] },
): Promise<UserRow[]> {
  return db
    .select()
    .from(directoryUser)
    .where(
      and(
        eq(directoryUser.orgId, wanted.orgId),
        isNull(directoryUser.goneAt),
        or(
          inArray(directoryUser.personId, wanted.ids),
          hasAddress(wanted.orgId, wanted.emails.map(normalizedAddress)),
        ),
      ),
    )
    .orderBy(asc(directoryUser.personId));
}

/** Those of these addresses that users have, among them users who have gone. */
export async function knownAddresses(
  db: Queryable,
  orgId: string,
  addresses: readonly string[],
): Promise<Set<string>> {
  if (addresses.length === 0) return new Set();
  const wanted = new Map(addresses.map((address) => [normalizedAddress(address), address]));
  const rows = await db
    .select({ email: directoryUser.email, addresses: directoryUser.addresses })
    .from(directoryUser)
    .where(and(eq(directoryUser.orgId, orgId), hasAddress(orgId, [...wanted.keys()])));
  const known = rows.flatMap(({ email, addresses: all }) => [normalizedAddress(email), ...all]);
  return new Set(known.flatMap((address) => wanted.get(address) ?? []));
}

/** Groups, among those whose members were read, that have this user as a direct member (R10). */
export function groupsOfUser(
  db: Queryable,
  user: { orgId: string; personId: string },
): Promise<{ groupId: string; displayName: string; membersReadAt: Date | null }[]> {
  return db
    .select({
      groupId: directoryGroup.groupId,
      displayName: directoryGroup.displayName,
      membersReadAt: directoryGroup.membersReadAt,
    })
    .from(directoryMember)
    .innerJoin(
      directoryGroup,
      and(
        eq(directoryGroup.orgId, directoryMember.orgId),
        eq(directoryGroup.groupId, directoryMember.groupId),
        isNull(directoryGroup.deletedAt),
      ),
    )
    .where(and(eq(directoryMember.orgId, user.orgId), eq(directoryMember.memberId, user.personId)))
    .orderBy(asc(directoryGroup.groupId));
}

/**
 * How many persons hold a license: all of the organization, or members of one group; members of
 * `exceptGroups` are left out.
 */
export async function countHolders(
  db: Queryable,
  wanted: { orgId: string; licenseId: string; groupId: string | null; exceptGroups: string[] },
): Promise<number> {
  const { groupId, exceptGroups } = wanted;
  const isMember = (groupIds: string[]) => sql`EXISTS (SELECT 1 FROM ${directoryMember} m
    WHERE m.org_id = ${wanted.orgId} AND m.member_id = ${directoryUser.personId}
      AND m.group_id IN ${textList(groupIds)})`;
  const [row] = await db
    .select({ users: sql<number>`count(*)::int` })
    .from(directoryUser)
    .where(
      and(
        eq(directoryUser.orgId, wanted.orgId),
        isNull(directoryUser.goneAt),
        eq(directoryUser.kind, 'person'),
        sql`${directoryUser.holdingsNo} IN ${holdingsWith(wanted.orgId, wanted.licenseId)}`,
        groupId === null ? undefined : isMember([groupId]),
        exceptGroups.length === 0 ? undefined : not(isMember(exceptGroups)),
      ),
    );
  return row?.users ?? 0;
}

export async function populationOf(db: Db, orgId: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`
    SELECT count(*)::int AS n FROM mirror_user WHERE org_no = ${orgNoOf(orgId)} AND gone_at IS NULL`);
  return rows[0]?.n ?? 0;
}
