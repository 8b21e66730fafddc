import { randomUUID } from 'node:crypto';
import type { Effect } from '../organization/effect';
import { headOf, type Group, type OtherMember } from '../organization/groups';
import { renderGroup } from './render-group';
import { isRecord } from '../server/read-body';
import { badRequest, notFound } from '../server/api-error';
import type { Answer, Call, Route } from '../server/route';
import { groupOf } from './group-read-routes';
import { memberEffect } from './user-effect';

const scopes = ['identity:groups_rw'];
const memberCap = 500;

export const groupWriteRoutes: Route[] = [
  { method: 'POST', path: '/v1/groups', operation: 'create group', scopes, handle: createGroup },
  {
    method: 'PATCH',
    path: '/v1/groups/{groupId}',
    operation: 'change group',
    scopes,
    handle: changeGroup,
  },
  {
    method: 'DELETE',
    path: '/v1/groups/{groupId}',
    operation: 'delete group',
    scopes,
    handle: (call) => ({
      status: 204,
      effects: [{ kind: 'group-removed', uuid: groupOf(call).uuid }],
    }),
  },
];

function createGroup(call: Call): Answer {
  const { organization } = call.simulator;
  const { body } = call;
  if (!isRecord(body) || typeof body.displayName !== 'string' || body.displayName === '') {
    throw badRequest('displayName is required.');
  }
  const uuid = randomUUID();
  const group: Omit<Group, 'members'> = {
    id: organization.groupId(uuid),
    uuid,
    displayName: body.displayName,
    createdAt: call.now,
    modifiedAt: call.now,
    usage: 'user',
    provisionSource: 'API',
    fields: typeof body.description === 'string' ? { description: body.description } : {},
  };
  const members = readMembers(body.members);
  const effects: Effect[] = [
    { kind: 'group', group },
    ...members.map(({ id }) => memberEffect(call, uuid, memberOf(call, id), 'add')),
  ];
  return { status: 201, effects, bodyAfter: () => show(call, uuid) };
}

function changeGroup(call: Call): Answer {
  const group = groupOf(call);
  const { body } = call;
  if (!isRecord(body)) throw badRequest('The request body is not a JSON object.');
  const effects = [
    ...headEffects(call, group, body),
    ...(isRecord(body.purgeAllValues) ? purgeEffects(call, group) : []),
    ...memberEffects(call, group, body.members),
  ];
  return { status: 200, effects, bodyAfter: () => show(call, group.uuid) };
}

/** A new name or description. */
function headEffects(call: Call, group: Group, body: Record<string, unknown>): Effect[] {
  const head = headOf(group);
  const displayName = typeof body.displayName === 'string' ? body.displayName : head.displayName;
  const description = typeof body.description === 'string' ? { description: body.description } : {};
  if (displayName === head.displayName && Object.keys(description).length === 0) return [];
  const fields = { ...head.fields, ...description };
  return [{ kind: 'group', group: { ...head, displayName, fields, modifiedAt: call.now } }];
}

function purgeEffects(call: Call, group: Group): Effect[] {
  const { organization } = call.simulator;
  return group.members.map((member) => {
    const known = typeof member === 'number' ? { personId: organization.personId(member) } : member;
    return memberEffect(call, group.uuid, known, 'remove');
  });
}

/** Members to add and remove; changes that have no effect are left out. */
function memberEffects(call: Call, group: Group, given: unknown): Effect[] {
  const { organization } = call.simulator;
  return readMembers(given).flatMap(({ id, operation }) => {
    const member = operation === 'remove' ? heldMember(call, group, id) : memberOf(call, id);
    const key = 'personId' in member ? organization.people.rowOf(member.personId) : member;
    const isMember = key !== undefined && organization.groups.has(group, key);
    return isMember === (operation === 'remove')
      ? [memberEffect(call, group.uuid, member, operation)]
      : [];
  });
}

function readMembers(given: unknown): { id: string; operation: 'add' | 'remove' }[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw badRequest('members must be a list.');
  if (given.length > memberCap) throw badRequest(`At most ${memberCap} members in one call.`);
  return given.map((item: unknown) => {
    if (!isRecord(item) || typeof item.id !== 'string') {
      throw badRequest('Each entry of members needs an id.');
    }
    const word = typeof item.operation === 'string' ? item.operation.toLowerCase() : 'add';
    if (word === 'add') return { id: item.id, operation: 'add' };
    if (word === 'delete' || word === 'remove') return { id: item.id, operation: 'remove' };
    throw badRequest('operation of members can only be add or delete.');
  });
}

/** An existing user or another group; otherwise 404. */
function memberOf(call: Call, id: string): { personId: string } | OtherMember {
  const { organization } = call.simulator;
  const row = organization.people.rowOf(id);
  if (row !== undefined && organization.people.truth(row).exists) {
    return { personId: organization.personId(row) };
  }
  const nested = organization.group(id);
  if (nested) return { id: nested.id, type: 'group', displayName: nested.displayName };
  throw notFound();
}

/** A member to remove: also machines, and people of whom only the membership is known. */
function heldMember(call: Call, group: Group, id: string): { personId: string } | OtherMember {
  const other = group.members.find((one) => typeof one !== 'number' && one.id === id);
  return typeof other === 'object' ? other : memberOf(call, id);
}

function show(call: Call, uuid: string): unknown {
  const { organization } = call.simulator;
  const group = organization.groups.all.get(uuid);
  return group ? renderGroup(organization, group, group.members.length) : undefined;
}
