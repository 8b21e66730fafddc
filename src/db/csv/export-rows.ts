/** Users as files show them, with what they are believed to hold (R80a). */
import { sql } from 'drizzle-orm';
import type { CsvPerson, CsvUser } from '../../domain/csv/user-line';
import type { Holdings } from '../../domain/model/user';
import type { Queryable } from '../connect';
import { orgNoOf, userNosByAddress } from '../numbers';
import { sharedJson } from '../shared-json';
import { believedHoldings, integerList, textArray } from '../sql';

/** Lists of holdings that a file keeps at the same time. */
const mostKept = 2_000;

const columns = sql`u.person_id AS "personId", u.email, u.display_name AS "displayName",
  u.login_enabled IS FALSE AS "isSuspended", u.calling->>'workNumber' AS "phoneNumber"`;

const isPersonOf = (orgId: string) =>
  sql`u.org_no = ${orgNoOf(orgId)} AND u.gone_at IS NULL AND u.kind = 'person'`;

/** Reads a page of persons by id; `after` is the id at which the page before ended. */
export type CsvPersonPages = (page: { after: string; limit: number }) => Promise<CsvPerson[]>;

interface PersonRow extends Omit<CsvPerson, 'holdings'>, Record<string, unknown> {
  holdingsNo: number;
  /** Where an answer has to be looked at: what is believed, as JSON. */
  believed: string | null;
}

/** Users who hold the same have one object of it together. */
export function csvPersons(db: Queryable, orgId: string): CsvPersonPages {
  const readShared = sharedJson<Holdings>(mostKept);
  const byNumber = new Map<number, Holdings>();
  return async ({ after, limit }) => {
    const { rows } = await db.execute<PersonRow>(sql`
      SELECT ${columns}, u.holdings_no AS "holdingsNo",
        CASE WHEN u.answered IS NOT NULL THEN (${believedHoldings('u')})::text END AS believed
      FROM directory_user u WHERE ${isPersonOf(orgId)} AND u.person_id > ${after}
      ORDER BY u.person_id LIMIT ${limit}`);
    if (byNumber.size > mostKept) byNumber.clear();
    const numbers = new Set(rows.map(({ holdingsNo }) => holdingsNo));
    const unknown = [...numbers].filter((no) => !byNumber.has(no));
    for (const { no, holdings } of await readHoldings(db, unknown)) byNumber.set(no, holdings);
    return rows.map(({ believed, holdingsNo, ...person }) => {
      const holdings = believed === null ? byNumber.get(holdingsNo) : readShared(believed);
      if (!holdings) throw new Error(`holdings ${holdingsNo} of a user are not in the mirror`);
      return { ...person, holdings };
    });
  };
}

async function readHoldings(
  db: Queryable,
  numbers: readonly number[],
): Promise<{ no: number; holdings: Holdings }[]> {
  if (numbers.length === 0) return [];
  const { rows } = await db.execute<{ no: number; holdings: Holdings }>(sql`
    SELECT h.holdings_no AS no, jsonb_build_object('licenses', h.licenses,
      'attendeeSites', h.attendee_sites) AS holdings
    FROM mirror_holdings h WHERE h.holdings_no IN ${integerList(numbers)}`);
  return rows;
}

/** Persons by any of these ids or addresses, as `normalizedAddress` makes them. */
export async function findCsvUsers(
  db: Queryable,
  wanted: { orgId: string; ids: readonly string[]; emails: readonly string[] },
): Promise<CsvUser[]> {
  const { rows } = await db.execute<CsvUser & Record<string, unknown>>(sql`
    SELECT ${columns}, u.addresses, ${believedHoldings('u')} AS holdings FROM directory_user u
    WHERE ${isPersonOf(wanted.orgId)} AND (u.person_id = ANY(${textArray(wanted.ids)})
      OR u.user_no = ANY(${userNosByAddress(wanted.orgId, wanted.emails)}))`);
  return rows;
}
