import type { Template } from '../model/template';
import type { KnownUser } from './candidate';

/** R33: a template whose group has vanished removes nothing from anybody. */
export function hasVanished({ scope }: Template, vanishedGroups: readonly string[]): boolean {
  return scope.kind === 'group' && vanishedGroups.includes(scope.groupId);
}

/** R33: members of a vanished group lose nothing before the group is known to be deleted. */
export function isSpared({ groupIds }: KnownUser, vanishedGroups: readonly string[]): boolean {
  return vanishedGroups.length > 0 && groupIds.some((id) => vanishedGroups.includes(id));
}
