/** Licenses in the mirror, and what becomes of those that a list doesn't show. */
import { sql } from 'drizzle-orm';
import type { License } from '../../../domain/model/license';
import { plausibleDropPercent, type ListRead } from '../../../domain/watch/believe';
import type { Db, Queryable } from '../../connect';
import { acceptList, endIncomplete, judgeList, listName } from '../beliefs/beliefs';
import {
  isAnotherCheck,
  isOldEnough,
  isTaken,
  listFigures,
  oneMoreCheck,
  type Settling,
} from '../beliefs/missing';
import type { DirectoryRead } from '../reads';

/**
 * Stores the list of licenses. One that it doesn't show is missing, and still counts until a second read
 * agrees (R89). If two reads overlap, the older one misses no license that the newer one showed.
 */
export async function mirrorLicenses(
  db: Queryable,
  orgId: string,
  licenses: readonly License[],
  { readId }: Pick<DirectoryRead, 'readId'>,
): Promise<void> {
  const rows = licenses.map((license) => ({
    license_id: license.id,
    offer: license.offer,
    name: license.name,
    site: license.site,
    subscription_id: license.subscriptionId,
    site_type: license.siteType,
    total_units: license.totalUnits,
    consumed_units: license.consumedUnits,
  }));
  await db.execute(sql`
    INSERT INTO directory_license AS d (org_id, license_id, offer, name, site, subscription_id, site_type,
      total_units, consumed_units, read_at, seen_in)
    SELECT ${orgId}, r.*, now(), ${readId}::bigint
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS r(license_id text, offer text, name text, site text, subscription_id text, site_type text,
        total_units float8, consumed_units float8)
    ON CONFLICT (org_id, license_id) DO UPDATE SET offer = excluded.offer, name = excluded.name,
      site = excluded.site, subscription_id = excluded.subscription_id,
      site_type = excluded.site_type, total_units = excluded.total_units,
      consumed_units = excluded.consumed_units, gone_at = NULL, read_at = excluded.read_at,
      seen_in = greatest(d.seen_in, excluded.seen_in), missing_since = NULL, missing_checks = 0`);
  await db.execute(sql`
    UPDATE directory_license SET missing_since = now()
    WHERE org_id = ${orgId} AND seen_in < ${readId} AND gone_at IS NULL AND missing_since IS NULL`);
  const { rowCount: missing } = await db.execute(sql`
    SELECT 1 FROM directory_license
    WHERE org_id = ${orgId} AND missing_since IS NOT NULL AND gone_at IS NULL LIMIT 1`);
  const list = listName.licenses;
  if (missing) await endIncomplete(db, orgId, list);
  else await acceptList(db, { orgId, list, count: licenses.length });
}

/** After a second list: licenses that neither showed are gone, if the list is believed (R88, R89). */
export async function settleLicenses(
  db: Db,
  { orgId, startedAt, confirmAfterMs }: Settling,
): Promise<void> {
  const isMissing = sql`org_id = ${orgId} AND gone_at IS NULL
    AND ${isOldEnough(sql`missing_since`, confirmAfterMs)}`;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      UPDATE directory_license SET missing_checks = ${oneMoreCheck()}, counted_at = now()
      WHERE ${isMissing} AND ${isAnotherCheck(startedAt)}`);
    const { rows } = await tx.execute<ListRead & Record<string, unknown>>(sql`
      SELECT count(*)::int AS before, ${listFigures(sql`missing_since IS NULL`, isMissing)}
      FROM directory_license WHERE org_id = ${orgId} AND gone_at IS NULL`);
    const [read] = rows;
    if (!read) return;
    const list = listName.licenses;
    const { takes } = await judgeList(tx, {
      orgId,
      list,
      read,
      maxDropPercent: plausibleDropPercent,
    });
    await tx.execute(sql`
      UPDATE directory_license SET gone_at = now() WHERE ${isMissing} AND ${isTaken(takes)}`);
  });
}
