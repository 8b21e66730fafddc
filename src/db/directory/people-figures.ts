/** How many people there are, as another source than the list of people says (R87). */
import { sql } from 'drizzle-orm';
import type { PeopleFigures } from '../../domain/watch/people-figures';
import type { Queryable } from '../connect';
import { listName } from './beliefs/beliefs';
import { orgNoOf } from '../numbers';

/** Keeps what another source says; null: there is none that can be read. */
export async function recordPromisedPeople(
  db: Queryable,
  orgId: string,
  { promised, source }: Pick<PeopleFigures, 'promised' | 'source'>,
): Promise<void> {
  await db.execute(sql`
    INSERT INTO directory_belief (org_id, list, other_count, other_source)
    VALUES (${orgId}, ${listName.people}, ${promised}, ${source})
    ON CONFLICT (org_id, list) DO UPDATE SET other_count = excluded.other_count,
      other_source = excluded.other_source`);
}

/** As of the last read: people who are shown, and how many are promised. */
export async function readPeopleFigures(db: Queryable, orgId: string): Promise<PeopleFigures> {
  const { rows } = await db.execute<PeopleFigures & Record<string, unknown>>(sql`
    SELECT count(u.person_id)::int AS seen, max(b.other_count) AS promised,
      max(b.other_source) AS source
    FROM (SELECT ${orgId}::text AS org_id) o
      LEFT JOIN mirror_user u ON u.org_no = ${orgNoOf(orgId)} AND u.gone_at IS NULL
        AND u.missing_since IS NULL
      LEFT JOIN directory_belief b ON b.org_id = o.org_id AND b.list = ${listName.people}`);
  return rows[0] ?? { seen: 0, promised: null, source: null };
}
