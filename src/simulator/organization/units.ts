import type { CatalogLicense } from './catalog';
import type { Organization } from './organization';

export interface Units {
  /** Absent where nobody said. */
  totalUnits?: number;
  consumedUnits: number;
  consumedByUsers: number | null;
  consumedByWorkspaces: number | null;
}

/** Units of a license, where `held` users hold it. */
export function unitsOf(organization: Organization, license: CatalogLicense, held: number): Units {
  const users = Math.max(0, held + license.uncountedUsers);
  const total = license.totalUnits === 'users' ? organization.people.existing : license.totalUnits;
  const totalUnits = total === null ? {} : { totalUnits: total };
  const consumedUnits = users + (license.workspaces ?? 0);
  return license.workspaces === null
    ? { ...totalUnits, consumedUnits, consumedByUsers: null, consumedByWorkspaces: null }
    : {
        ...totalUnits,
        consumedUnits,
        consumedByUsers: users,
        consumedByWorkspaces: license.workspaces,
      };
}

/** Units that are free in truth; licenses without a subscription or a number are never short. */
export function unitsLeft(organization: Organization, license: CatalogLicense): number {
  if (license.subscriptionId === null || license.totalUnits === 'users') return Infinity;
  const held = organization.catalog.heldBy[license.index] ?? 0;
  const units = unitsOf(organization, license, held);
  return (units.totalUnits ?? Infinity) - units.consumedUnits;
}

/** Holders per license as this replica shows them: the truth, corrected by what hasn't arrived. */
export function heldAsSeen(organization: Organization, replica: number, now: number): number[] {
  const { catalog, people } = organization;
  const held = [...catalog.heldBy];
  for (const row of [...people.lagging()]) {
    const truth = people.truth(row);
    const seen = people.seen(row, replica, now);
    if (truth.exists)
      for (const at of catalog.holding(truth.holding).licenses) held[at] = (held[at] ?? 0) - 1;
    if (seen.exists)
      for (const at of catalog.holding(seen.holding).licenses) held[at] = (held[at] ?? 0) + 1;
  }
  return held;
}
