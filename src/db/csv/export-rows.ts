/** Users as files show them, with what they are believed to hold (R80a). */
import { sql, type SQL } from 'drizzle-orm';
import type { CsvUser } from '../../domain/csv/user-line';
import type { Queryable } from '../connect';
import { orgNoOf, userNosByAddress } from '../numbers';
import { believedHoldings, textArray } from '../sql';

/** A page of all persons, by id; `after` is the id at which the page before ended. */
export function readCsvUsers(
  db: Queryable,
  page: { orgId: string; after: string; limit: number },
): Promise<CsvUser[]> {
  return read(
    db,
    page.orgId,
    sql`u.person_id > ${page.after} ORDER BY u.person_id LIMIT ${page.limit}`,
  );
}

/** Persons by any of these ids or addresses, as `normalizedAddress` makes them. */
export function findCsvUsers(
  db: Queryable,
  wanted: { orgId: string; ids: readonly string[]; emails: readonly string[] },
): Promise<CsvUser[]> {
  return read(
    db,
    wanted.orgId,
    sql`(u.person_id = ANY(${textArray(wanted.ids)}) OR u.user_no IN ${userNosByAddress(wanted.orgId, wanted.emails)})`,
  );
}

async function read(db: Queryable, orgId: string, condition: SQL): Promise<CsvUser[]> {
  const { rows } = await db.execute<CsvUser & Record<string, unknown>>(sql`
    SELECT u.person_id AS "personId", u.email, u.addresses, u.display_name AS "displayName",
      u.login_enabled IS FALSE AS "isSuspended", u.calling->>'workNumber' AS "phoneNumber",
      ${believedHoldings('u')} AS holdings
    FROM directory_user u
    WHERE u.org_no = ${orgNoOf(orgId)} AND u.gone_at IS NULL AND u.kind = 'person' AND ${condition}`);
  return rows;
}
