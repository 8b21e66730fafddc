import { sql } from 'drizzle-orm';
import type { Queryable } from '../../db/connect';
import { mirrorNumbers } from '../../db/directory/mirror-numbers';
import { listLicenses } from '../../db/directory/find-directory';
import { readSettings } from '../../db/admin/settings';
import { needsCallingProperties } from '../../domain/licenses/offers';
import type { Entitlement } from '../../domain/model/template';
import type { RolloutChange } from '../../domain/request/rollout-request';
import type { ReadOptions, Webex } from '../../webex/port/webex';

/**
 * Whether a look has to ask for what Calling needs, which makes its pages smaller: the organization
 * has Calling licenses, and a template in force or a draft, or this rollout, may grant one (R62).
 */
export async function readsCalling(
  db: Queryable,
  orgId: string,
  rolloutId: string | null,
): Promise<boolean> {
  const { callingOffers } = (await readSettings(db, orgId)).settings;
  const isCalling = ({ offer }: { offer: string }) => needsCallingProperties(offer, callingOffers);
  if (!(await listLicenses(db, orgId)).some(isCalling)) return false;
  const { rows } = await db.execute<{ entitlements: Entitlement[] }>(sql`
    SELECT r.entitlements FROM template t JOIN template_revision r USING (template_id)
    WHERE t.org_id = ${orgId} AND t.deleted_at IS NULL
      AND r.revision IN (t.in_force_revision, t.draft_revision)`);
  if (rows.some(({ entitlements }) => entitlements.some(isCalling))) return true;
  if (rolloutId === null) return false;
  const asked = await db.execute<{ change: RolloutChange }>(
    sql`SELECT request->'change' AS change FROM rollout WHERE rollout_id = ${rolloutId}`,
  );
  const change = asked.rows[0]?.change;
  if (change?.kind === 'preview') return change.entitlements.some(isCalling);
  return change?.kind === 'csv';
}

/** Reads the inventory of phone numbers into the mirror (R63). */
export async function observeNumbers(
  deps: { db: Queryable; webex: Pick<Webex, 'listNumbers'> },
  orgId: string,
  read: ReadOptions,
): Promise<void> {
  await mirrorNumbers(deps.db, orgId, await deps.webex.listNumbers(read), new Date());
}
