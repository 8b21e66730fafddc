import type { ChangeTarget } from './change';
import type { Holdings } from './user';

/** What is held once these changes have been made; sorted and free of duplicates. */
export function applyChanges(
  before: Holdings,
  changes: readonly { operation: 'add' | 'remove'; target: ChangeTarget }[],
): Holdings {
  const licenses = new Set(before.licenses);
  let sites = before.attendeeSites === null ? null : new Set(before.attendeeSites);
  for (const { operation, target } of changes) {
    if (target.kind === 'license') {
      if (operation === 'add') licenses.add(target.licenseId);
      else licenses.delete(target.licenseId);
    } else if (operation === 'add') sites = (sites ?? new Set<string>()).add(target.site);
    else sites?.delete(target.site);
  }
  return {
    licenses: [...licenses].sort(),
    attendeeSites: sites === null ? null : [...sites].sort(),
  };
}
