import type { OrgSettings } from '../../domain/model/settings';

/** What a save changed: values before and after, or the members of a list that came and went. */
export type SettingsDifference = Partial<
  Record<
    keyof OrgSettings,
    { before: unknown; after: unknown } | { added: unknown[]; removed: unknown[] }
  >
>;

/** Only the settings that differ: a log that keeps them whole would grow with every small change. */
export function settingsDifference(before: OrgSettings, after: OrgSettings): SettingsDifference {
  const names = Object.keys(after) as (keyof OrgSettings)[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const difference = differenceOf(before[name], after[name]);
      return difference ? [[name, difference]] : [];
    }),
  );
}

function differenceOf(before: unknown, after: unknown) {
  if (JSON.stringify(before) === JSON.stringify(after)) return null;
  if (!Array.isArray(before) || !Array.isArray(after)) return { before, after };
  return { added: missingIn(before, after), removed: missingIn(after, before) };
}

function missingIn(list: readonly unknown[], other: readonly unknown[]): unknown[] {
  const known = new Set(list.map((value) => JSON.stringify(value)));
  return other.filter((value) => !known.has(JSON.stringify(value)));
}
