import { eq, sql } from 'drizzle-orm';
import type { OrgSettings } from '../../domain/model/settings';
import type { Queryable } from '../connect';
import { orgSettings } from '../schema';

export interface StoredSettings {
  settings: OrgSettings;
  /** Grows with every save; 0 where nothing was ever saved. */
  version: number;
  updatedAt: Date | null;
}

/** What the organization saved, over the defaults: settings that are newer than a save have theirs. */
export async function readSettings(
  db: Queryable,
  orgId: string,
  defaults: OrgSettings,
): Promise<StoredSettings> {
  const [row] = await db.select().from(orgSettings).where(eq(orgSettings.orgId, orgId));
  if (!row) return { settings: defaults, version: 0, updatedAt: null };
  return {
    settings: { ...defaults, ...row.settings },
    version: row.version,
    updatedAt: row.updatedAt,
  };
}

/** Replaces the settings whole. */
export async function saveSettings(
  db: Queryable,
  orgId: string,
  settings: OrgSettings,
): Promise<StoredSettings> {
  const [row] = await db
    .insert(orgSettings)
    .values({ orgId, settings })
    .onConflictDoUpdate({
      target: orgSettings.orgId,
      set: { settings, version: sql`${orgSettings.version} + 1`, updatedAt: sql`now()` },
    })
    .returning();
  if (!row) throw new Error('saved settings were not returned');
  return { settings: row.settings, version: row.version, updatedAt: row.updatedAt };
}
