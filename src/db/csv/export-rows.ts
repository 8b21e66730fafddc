/** Users as files show them, with what they are believed to hold (R80a). */
import { sql, type SQL } from 'drizzle-orm';
import type { CsvUser } from '../../domain/csv/user-line';
import type { Holdings } from '../../domain/model/user';
import type { Queryable } from '../connect';

interface Row extends Record<string, unknown> {
  personId: string;
  email: string;
  displayName: string;
  isSuspended: boolean;
  phoneNumber: string | null;
  licenses: string[];
  attendeeSites: string[] | null;
  answered: Holdings | null;
}

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

/** Persons by any of these ids or e-mail addresses, those in lower case. */
export function findCsvUsers(
  db: Queryable,
  wanted: { orgId: string; ids: readonly string[]; emails: readonly string[] },
): Promise<CsvUser[]> {
  return read(
    db,
    wanted.orgId,
    sql`(u.person_id = ANY(${list(wanted.ids)}) OR lower(u.email) = ANY(${list(wanted.emails)}))`,
  );
}

async function read(db: Queryable, orgId: string, condition: SQL): Promise<CsvUser[]> {
  const { rows } = await db.execute<Row>(sql`
    SELECT u.person_id AS "personId", u.email, u.display_name AS "displayName",
      u.login_enabled IS FALSE AS "isSuspended", u.calling->>'workNumber' AS "phoneNumber",
      u.licenses, u.attendee_sites AS "attendeeSites",
      CASE WHEN u.answered_at > now() - interval '24 hours' THEN u.answered END AS answered
    FROM directory_user u
    WHERE u.org_id = ${orgId} AND u.gone_at IS NULL AND u.kind = 'person' AND ${condition}`);
  return rows.map(({ licenses, attendeeSites, answered, ...user }) => ({
    ...user,
    holdings: {
      licenses: answered?.licenses ?? licenses,
      attendeeSites: answered?.attendeeSites ?? attendeeSites,
    },
  }));
}

/** An array and no subquery: both indexes are used then. */
function list(texts: readonly string[]): SQL {
  return sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`;
}
