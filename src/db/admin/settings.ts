import { eq, sql } from 'drizzle-orm';
import { defaultSettings } from '../../domain/model/default-settings';
import type { OrgSettings } from '../../domain/model/settings';
import type { Queryable } from '../connect';
import { orgSettings } from '../schema';

export interface StoredSettings {
  settings: OrgSettings;
  /** Grows with every save; 0 where nothing was ever saved. */
  version: number;
  updatedAt: Date | null;
}

/** What the organization saved. Settings that are newer than the save have their default. */
export async function readSettings(db: Queryable, orgId: string): Promise<StoredSettings> {
  const [row] = await db.select().from(orgSettings).where(eq(orgSettings.orgId, orgId));
  if (!row) return { settings: defaultSettings, version: 0, updatedAt: null };
  return {
    settings: { ...defaultSettings, ...row.settings },
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
