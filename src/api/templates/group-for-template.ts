import type { GroupRow } from '../../db/directory/find-directory';
import { isDistributionGroup } from '../../domain/templates/distribution-group';
import type { PlanWarning } from '../../domain/model/warning';
import { Problem } from '../http/problem';

/**
 * Refuses a group that can hold no template: a location's, whose members are whoever works there and
 * not whom somebody chose (R13), and a distribution group of Active Directory, where SCIM shows it (R12).
 */
export function refuseUnusableGroup(group: GroupRow): void {
  const { displayName } = group;
  if (group.isLocation) {
    const text = `"${displayName}" is the group of a location: it can hold no template (R13).`;
    throw new Problem('group-not-usable', text);
  }
  if (isDistributionGroup(group) === 'yes') {
    const text = `"${displayName}" is a distribution group of Active Directory: it can hold no template (R12).`;
    throw new Problem('group-not-usable', text);
  }
}

/** R12: where it can't be told, whoever saves should know. */
export function groupWarnings(group: GroupRow): PlanWarning[] {
  if (isDistributionGroup(group) !== 'unknown') return [];
  const { displayName, source } = group;
  const why =
    source === null
      ? `Where the group "${displayName}" comes from can't be read`
      : `The group "${displayName}" comes from a directory (${source}), which doesn't show its kind`;
  const text = `${why}: distribution groups of Active Directory are not supported.`;
  return [{ code: 'distribution-group', text, rule: 'R12' }];
}
