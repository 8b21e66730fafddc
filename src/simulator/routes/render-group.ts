import type { Group, Member, OtherMember } from '../organization/groups';
import type { Organization } from '../organization/organization';
import { timeText } from './render-person';

/** A group without its members, as `GET /groups` shows it. */
export function renderGroup(
  organization: Organization,
  group: Group,
  memberSize: number,
): Record<string, unknown> {
  const { created, lastModified, ...fields } = group.fields;
  return {
    id: group.id,
    displayName: group.displayName,
    orgId: organization.orgId,
    ...(group.createdAt > 0 ? { created: timeText(group.createdAt, created) } : {}),
    ...(group.modifiedAt > 0 ? { lastModified: timeText(group.modifiedAt, lastModified) } : {}),
    memberSize,
    ...fields,
  };
}

/** A member as `GET /groups/{id}/members` shows it. */
export function renderMember(organization: Organization, member: Member): OtherMember {
  if (typeof member !== 'number') return member;
  const { people } = organization;
  const { displayName } = people.fieldsOf(member, people.truth(member));
  return {
    id: organization.personId(member),
    type: 'user',
    displayName: typeof displayName === 'string' ? displayName : '',
  };
}
