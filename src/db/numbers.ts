/** Numbers of organizations and groups in the mirror. They are given once and never again. */
import { sql, type SQL } from 'drizzle-orm';
import type { Queryable } from './connect';
import { textList } from './sql';

/** The number of an organization; null where the mirror has nothing of it. */
export function orgNoOf(orgId: string): SQL {
  return sql`(SELECT o.org_no FROM org_number o WHERE o.org_id = ${orgId})`;
}

/** As many members of `IN (…)`: the numbers of these groups, of those that have one. */
export function groupNosOf(orgId: string, groupIds: readonly string[]): SQL {
  return sql`(SELECT g.group_no FROM group_number g
    WHERE g.org_no = ${orgNoOf(orgId)} AND g.group_id IN ${textList(groupIds)})`;
}

/** As many members of `IN (…)`: the numbers of lists of holdings with this license. */
export function holdingsWith(orgId: string, licenseId: string): SQL {
  return sql`(SELECT h.holdings_no FROM mirror_holdings h WHERE h.org_no = ${orgNoOf(orgId)}
    AND h.licenses @> ${JSON.stringify([licenseId])}::jsonb)`;
}

/**
 * Users who have one of these addresses, as `normalizedAddress` makes them, as an array: beside an OR, only
 * `= ANY(…)` lets an index find them.
 */
export function userNosByAddress(orgId: string, addresses: readonly string[]): SQL {
  const texts = sql`${sql.param(addresses)}::text[]`;
  return sql`ARRAY(SELECT d.user_no FROM mirror_user d WHERE d.org_no = ${orgNoOf(orgId)}
      AND d.addresses && ${texts}
    UNION
    SELECT d.user_no FROM mirror_user d WHERE d.org_no = ${orgNoOf(orgId)}
      AND lower(d.email) = ANY(${texts}))`;
}

/** The number of the organization, which it has from now on. */
export async function numberOrganization(db: Queryable, orgId: string): Promise<number> {
  const find = () =>
    db.execute<{ no: number }>(sql`SELECT org_no AS no FROM org_number WHERE org_id = ${orgId}`);
  return numbered(find, () =>
    db.execute(sql`
      INSERT INTO org_number (org_id) VALUES (${orgId}) ON CONFLICT (org_id) DO NOTHING`),
  );
}

/** The number of the group, which it has from now on. */
export async function numberGroup(db: Queryable, orgNo: number, groupId: string): Promise<number> {
  const find = () =>
    db.execute<{ no: number }>(sql`
      SELECT group_no AS no FROM group_number WHERE org_no = ${orgNo} AND group_id = ${groupId}`);
  return numbered(find, () =>
    db.execute(sql`
      INSERT INTO group_number (org_no, group_id) VALUES (${orgNo}, ${groupId})
      ON CONFLICT (org_no, group_id) DO NOTHING`),
  );
}

/** Asks first: an insert takes a number of the sequence even where it does nothing. */
async function numbered(
  find: () => Promise<{ rows: { no: number }[] }>,
  give: () => Promise<unknown>,
): Promise<number> {
  const known = (await find()).rows[0];
  if (known) return known.no;
  await give();
  const given = (await find()).rows[0];
  if (!given) throw new Error('A number that was just given is not there');
  return given.no;
}
