import type { Queryable } from '../../db/connect';
import { mirrorNumbers } from '../../db/directory/mirror-numbers';
import { listLicenses } from '../../db/directory/find-directory';
import { findRequest } from '../../db/rollout/request';
import { listCurrentEntitlements } from '../../db/templates/current-entitlements';
import { readSettings } from '../../db/admin/settings';
import { needsCallingProperties } from '../../domain/licenses/offers';
import type { ReadOptions, Webex } from '../../webex/port/webex';

/**
 * Whether a read has to include what Calling needs, which makes its pages smaller: the organization
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
  if ((await listCurrentEntitlements(db, orgId)).some(isCalling)) return true;
  if (rolloutId === null) return false;
  const change = (await findRequest(db, rolloutId))?.change;
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
