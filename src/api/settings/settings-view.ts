import { listLicenses, knownAddresses } from '../../db/directory/find-directory';
import type { StoredSettings } from '../../db/admin/settings';
import type { Queryable } from '../../db/connect';
import { settingsWarnings } from '../../domain/licenses/settings-warnings';
import { entityTag } from '../http/entity-tag';
import type { Reply } from '../http/exchange';

export function settingsTag({ version }: StoredSettings): string {
  return entityTag(['settings', version]);
}

/** Settings, and what they name that the organization doesn't have. */
export async function settingsReply(
  db: Queryable,
  orgId: string,
  stored: StoredSettings,
): Promise<Reply> {
  const { settings, version, updatedAt } = stored;
  const named = settings.siteAdministrators.flatMap(({ users }) => users);
  const licenses = await listLicenses(db, orgId);
  const knownUsers = await knownAddresses(db, orgId, named);
  // Before the first read of the directory everything would be unknown.
  const warnings =
    licenses.length === 0 ? [] : settingsWarnings(settings, { licenses, knownUsers });
  return {
    status: 200,
    headers: { ETag: settingsTag(stored) },
    body: { ...settings, version, updatedAt: updatedAt?.toISOString() ?? null, warnings },
  };
}
