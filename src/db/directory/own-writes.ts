/** What Seatwise has written since Webex said how many units of each license are used. */
import { sql } from 'drizzle-orm';
import { onceShown, withOwnWrites, type OwnWrites } from '../../domain/licenses/own-writes';
import type { Queryable } from '../connect';
import { listLicenses } from './find-directory';

export type StoredLicense = Awaited<ReturnType<typeof listLicenses>>[number];

export interface UnitsToday {
  /** As Webex showed them. */
  shown: StoredLicense[];
  /** With what we have written since. */
  now: StoredLicense[];
  /** As Webex will show them once it shows all of that. */
  onceShown: StoredLicense[];
}

/** The licenses with their units: plans, forecasts and waits all ask here. */
export async function readUnitsToday(db: Queryable, orgId: string): Promise<UnitsToday> {
  const shown = await listLicenses(db, orgId);
  const written = await readOwnWrites(db, orgId);
  return { shown, now: withOwnWrites(shown, written), onceShown: onceShown(shown, written) };
}

/** By license; from the moment at which the read began that showed its figures. */
async function readOwnWrites(db: Queryable, orgId: string): Promise<Map<string, OwnWrites>> {
  const { rows } = await db.execute<
    OwnWrites & { licenseId: string } & Record<string, unknown>
  >(sql`
    WITH counted AS MATERIALIZED (
      SELECT d.license_id, least(d.read_at, coalesce(r.started_at, d.read_at)) AS since
      FROM directory_license d LEFT JOIN directory_read r ON r.read_id = d.seen_in
      WHERE d.org_id = ${orgId} AND d.gone_at IS NULL)
    SELECT c.license_id AS "licenseId",
      (count(*) FILTER (WHERE l.operation = 'add'))::int AS added,
      (count(*) FILTER (WHERE l.operation = 'remove'))::int AS removed
    FROM ledger l JOIN counted c ON c.license_id = l.target AND l.at >= c.since
    WHERE l.org_id = ${orgId} AND l.at >= (SELECT min(since) FROM counted)
    GROUP BY c.license_id`);
  return new Map(rows.map(({ licenseId, added, removed }) => [licenseId, { added, removed }]));
}
