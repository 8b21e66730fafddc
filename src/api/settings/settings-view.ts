import type { StoredSettings } from '../../db/admin/settings';

export function settingsView({ settings, version, updatedAt }: StoredSettings) {
  return { ...settings, version, updatedAt: updatedAt?.toISOString() ?? null };
}
