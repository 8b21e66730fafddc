import type { Group, Member } from '../organization/groups';
import { renderMember } from './render-group';
import { valueOfId } from '../organization/ids';
import type { Answer, Call } from '../server/route';
import { readScimFilter, type Lookup } from './scim-filter';
import { checkOrganization, listSchema, renderMeta, scimNotFound, scimPage } from './scim-page';
import { pickAttributes } from './scim-users';

const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const webexGroup = 'urn:scim:schemas:extension:cisco:webexidentity:2.0:Group';
const memberCap = 500;

/** `GET /identity/scim/{orgUuid}/v2/Groups`. */
export function listScimGroups(call: Call): Answer {
  checkOrganization(call);
  const test = readScimFilter(call.query.get('filter'));
  const found = [...call.simulator.organization.groups.all.values()].filter((group) =>
    test(lookupOf(group)),
  );
  const sortBy = call.query.get('sortBy') ?? 'id';
  const isByTime = sortBy.toLowerCase() === 'meta.lastmodified';
  const key = (group: Group): string | number =>
    isByTime ? group.modifiedAt : String(lookupOf(group)(sortBy)[0]);
  const { page, startIndex } = scimPage(call, found, key, 1000);
  const withMembers = call.query.get('includeMembers') === 'true';
  return {
    status: 200,
    body: {
      schemas: [listSchema],
      totalResults: found.length,
      itemsPerPage: page.length,
      startIndex,
      Resources: page.map((group) =>
        pickAttributes(call, renderScimGroup(call, group, withMembers)),
      ),
    },
  };
}

/** `GET /identity/scim/{orgUuid}/v2/Groups/{groupId}`. */
export function getScimGroup(call: Call): Answer {
  return { status: 200, body: pickAttributes(call, renderScimGroup(call, groupOf(call), true)) };
}

/** `GET /identity/scim/{orgUuid}/v2/Groups/{groupId}/Members`. */
export function listScimMembers(call: Call): Answer {
  const group = groupOf(call);
  const members = membersOf(call, group);
  const { page, startIndex } = scimPage(call, [...members], () => 0, memberCap);
  return {
    status: 200,
    body: {
      schemas: [coreGroup],
      id: group.uuid,
      displayName: group.displayName,
      totalResults: members.length,
      memberSize: members.length,
      itemsPerPage: page.length,
      startIndex,
      members: page.map((member) => renderScimMember(call, member)),
    },
  };
}

function groupOf(call: Call): Group {
  checkOrganization(call);
  const group = call.simulator.organization.groups.all.get(call.params.groupId ?? '');
  if (!group) throw scimNotFound('Group');
  return group;
}

function membersOf(call: Call, group: Group): readonly Member[] {
  const members = call.simulator.organization.groups.seen(group, call.replica, call.now);
  const type = call.query.get('memberType')?.toLowerCase();
  if (type === undefined) return members;
  return members.filter((one) => (typeof one === 'number' ? 'user' : one.type) === type);
}

function renderScimGroup(call: Call, group: Group, withMembers: boolean): Record<string, unknown> {
  const { organization } = call.simulator;
  const members = withMembers ? membersOf(call, group).slice(0, memberCap) : [];
  const created = new Date(group.createdAt).toISOString();
  return {
    schemas: [coreGroup, webexGroup],
    id: group.uuid,
    displayName: group.displayName,
    ...(withMembers ? { members: members.map((one) => renderScimMember(call, one)) } : {}),
    meta: renderMeta(call, 'Group', group.uuid, created, group.modifiedAt),
    [webexGroup]: {
      usage: group.usage,
      provisionSource: group.provisionSource,
      meta: { organizationID: organization.orgUuid },
    },
  };
}

function renderScimMember(call: Call, member: Member): unknown {
  const { organization } = call.simulator;
  const { id, type, displayName } = renderMember(organization, member);
  const value =
    typeof member === 'number'
      ? organization.people.uuid(member)
      : (valueOfId('PLACE', id) ?? valueOfId('SCIM_GROUP', id)?.split(':')[0] ?? id);
  return { value, type, display: displayName };
}

function lookupOf(group: Group): Lookup {
  return (path) => {
    switch (path.toLowerCase()) {
      case 'id':
        return [group.uuid];
      case 'displayname':
        return [group.displayName];
      case 'meta.created':
        return [new Date(group.createdAt).toISOString()];
      case 'meta.lastmodified':
        return [new Date(group.modifiedAt).toISOString()];
      case 'usage':
      case `${webexGroup.toLowerCase()}:usage`:
        return [group.usage];
      default:
        return [];
    }
  };
}
