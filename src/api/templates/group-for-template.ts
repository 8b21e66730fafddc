import type { GroupRow } from '../../db/directory/find-directory';
import { isDistributionGroup } from '../../domain/templates/distribution-group';
import type { PlanWarning } from '../../domain/model/warning';
import { Problem } from '../http/problem';

/**
 * Refuses a group that can't have a template: a location's, whose members work there and weren't
 * chosen (R13), and a distribution group of Active Directory, if SCIM shows that (R12).
 */
export function refuseUnusableGroup(group: GroupRow): void {
  const { displayName } = group;
  if (group.isLocation) {
    const text = `"${displayName}" is the group of a location: it can't have a template.`;
    throw new Problem('group-not-usable', text);
  }
  if (isDistributionGroup(group) === 'yes') {
    const text = `"${displayName}" is a distribution group of Active Directory: it can't have a template.`;
    throw new Problem('group-not-usable', text);
  }
}

/** R12: a warning if the kind of the group isn't known. */
export function groupWarnings(group: GroupRow): PlanWarning[] {
  if (isDistributionGroup(group) !== 'unknown') return [];
  const { displayName, source } = group;
  const why =
    source === null
      ? `The origin of the group "${displayName}" can't be read`
      : `The group "${displayName}" comes from a directory (${source}), which doesn't show its kind`;
  const text = `${why}: distribution groups of Active Directory are not supported.`;
  return [{ code: 'distribution-group', text, rule: 'R12' }];
}
