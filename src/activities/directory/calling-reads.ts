import type { Queryable } from '../../db/connect';
import { mirrorNumbers } from '../../db/directory/mirror/mirror-numbers';
import { listLicenses } from '../../db/directory/find-directory';
import { findRequest } from '../../db/rollout/request';
import { listCurrentEntitlements } from '../../db/templates/current-entitlements';
import { readSettings } from '../../db/admin/settings';
import { kindOf } from '../../domain/kinds/kind-of';
import { needsCallingProperties } from '../../domain/licenses/offers';
import type { ReadOptions, Webex } from '../../webex/port/webex';

/**
 * Whether a read has to include Calling details, which makes its pages smaller. It has to if the
 * organization has Calling licenses, and a template in force, a draft or this rollout may grant one
 * (R62).
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
  const request = await findRequest(db, rolloutId);
  if (!request) return false;
  const { ownGrants } = kindOf(request.change);
  return ownGrants === 'anything' || ownGrants.some(isCalling);
}

/** Reads the inventory of phone numbers into the mirror (R63). */
export async function observeNumbers(
  deps: { db: Queryable; webex: Pick<Webex, 'listNumbers'> },
  orgId: string,
  read: ReadOptions,
): Promise<void> {
  await mirrorNumbers(deps.db, orgId, await deps.webex.listNumbers(read));
}
