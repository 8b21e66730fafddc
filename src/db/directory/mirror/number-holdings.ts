import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';
import type { MirroredUser } from './mirrored-user';

type Holdings = MirroredUser['holdings'];

/** The numbers of what these users hold, which they have from now on: `numbers[n]` is of `users[n]`. */
export async function numberHoldings(
  db: Queryable,
  orgNo: number,
  users: readonly MirroredUser[],
): Promise<number[]> {
  const places = new Map<string, number>();
  const lists: Holdings[] = [];
  const placeOf = users.map(({ holdings }) => {
    const text = JSON.stringify([holdings.licenses, holdings.attendeeSites]);
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, lists.length);
    return lists.push(holdings) - 1;
  });
  let numbers = await findNumbers(db, orgNo, lists);
  if (numbers.includes(null)) {
    await giveNumbers(db, orgNo, lists);
    numbers = await findNumbers(db, orgNo, lists);
  }
  return placeOf.map((place) => {
    const number = numbers[place];
    if (!number) throw new Error('A list of holdings that was just stored is not there');
    return number;
  });
}

/** Of each list in turn; null: it has none. */
async function findNumbers(
  db: Queryable,
  orgNo: number,
  lists: readonly Holdings[],
): Promise<(number | null)[]> {
  const { rows } = await db.execute<{ no: number | null }>(sql`
    SELECT h.holdings_no AS no FROM ${listed(lists)}
      LEFT JOIN mirror_holdings h ON h.org_no = ${orgNo} AND h.digest = r.digest
    ORDER BY r.place`);
  return rows.map(({ no }) => no);
}

async function giveNumbers(db: Queryable, orgNo: number, lists: readonly Holdings[]) {
  await db.execute(sql`
    INSERT INTO mirror_holdings (org_no, licenses, attendee_sites, digest)
    SELECT ${orgNo}::integer, r.licenses, r.attendee_sites, r.digest FROM ${listed(lists)}
    WHERE NOT EXISTS (SELECT 1 FROM mirror_holdings h WHERE h.org_no = ${orgNo} AND h.digest = r.digest)
    ORDER BY r.digest
    ON CONFLICT (org_no, digest) DO NOTHING`);
}

function listed(lists: readonly Holdings[]) {
  const rows = lists.map(({ licenses, attendeeSites }, place) => ({
    place,
    licenses,
    sites: attendeeSites,
  }));
  return sql`(SELECT x.place, x.licenses, nullif(x.sites, 'null') AS attendee_sites,
      md5(x.licenses::text || coalesce('/' || nullif(x.sites, 'null')::text, ''))::uuid AS digest
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x(place int, licenses jsonb, sites jsonb)) r`;
}
