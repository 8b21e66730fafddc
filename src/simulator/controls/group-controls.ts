import { z } from 'zod';
import type { Effect } from '../organization/effect';
import { headOf, type Group } from '../organization/groups';
import { renderGroup, renderMember } from '../routes/render-group';
import { memberEffect } from '../routes/user-effect';
import { badRequest, notFound } from '../server/api-error';
import { readControl, type Control, type ControlCall } from './control';
import { asApiCall, shownAt } from './person-controls';

const membersChange = z.strictObject({
  /** Ids of people, and of groups inside this one. */
  add: z.array(z.string()).default([]),
  remove: z.array(z.string()).default([]),
  immediate: z.boolean().default(false),
});

const groupChange = z.strictObject({
  displayName: z.string().min(1).optional(),
  /** As SCIM says it: `user`, `policy`, `location` … */
  usage: z.string().min(1).optional(),
  /** As SCIM says it: `API`, `CONTROL_HUB`, `AD` … */
  provisionSource: z.string().min(1).optional(),
});

const units = z.strictObject({ totalUnits: z.int().min(0) });

/** Changes of groups and units made by "somebody else". */
export const groupControls: Control[] = [
  {
    method: 'GET',
    path: '/_simulator/groups/{groupId}',
    summary: 'Shows the true state of one group, with all members.',
    handle: (call) => ({ body: truthOf(call, groupOf(call)) }),
  },
  {
    method: 'POST',
    path: '/_simulator/groups/{groupId}/members',
    summary:
      'Adds and removes members: { "add": [personId or groupId], "remove": […], "immediate": true }.',
    handle: changeMembers,
  },
  {
    method: 'PATCH',
    path: '/_simulator/groups/{groupId}',
    summary: 'Renames a group or changes its origin: displayName, usage, provisionSource.',
    handle: (call) => {
      const group = groupOf(call);
      const asked = readControl(groupChange, call.body);
      const { displayName = group.displayName, usage = group.usage } = asked;
      const { provisionSource = group.provisionSource } = asked;
      const modifiedAt = call.simulator.clock.now();
      const effect: Effect = {
        kind: 'group',
        group: { ...headOf(group), displayName, usage, provisionSource, modifiedAt },
      };
      call.simulator.record({ effects: [effect] });
      return { body: truthOf(call, group) };
    },
  },
  {
    method: 'DELETE',
    path: '/_simulator/groups/{groupId}',
    summary: 'Deletes a group.',
    handle: (call) => {
      call.simulator.record({ effects: [{ kind: 'group-removed', uuid: groupOf(call).uuid }] });
      return { status: 204 };
    },
  },
  {
    method: 'PATCH',
    path: '/_simulator/licenses/{licenseId}',
    summary: 'Sets the units of a license: { "totalUnits": 10 }.',
    handle: (call) => {
      const license = call.simulator.organization.catalog.find(call.params.licenseId ?? '');
      if (!license) throw notFound();
      const { totalUnits } = readControl(units, call.body);
      call.simulator.record({
        effects: [{ kind: 'units', licenseIndex: license.index, totalUnits }],
      });
      return { body: { id: license.id, totalUnits } };
    },
  },
];

function changeMembers(call: ControlCall): { body: unknown } {
  const { simulator } = call;
  const { people, groups } = simulator.organization;
  const group = groupOf(call);
  const asked = readControl(membersChange, call.body);
  const effect = (id: string, operation: 'add' | 'remove'): Effect[] => {
    const row = people.rowOf(id);
    const inner = row === undefined ? simulator.organization.group(id) : undefined;
    if (row === undefined && !inner) throw badRequest(`No such user or group: ${id}`);
    const nested = inner && { id: inner.id, type: 'group', displayName: inner.displayName };
    if (groups.has(group, nested ?? row ?? -1) === (operation === 'add')) return [];
    const member = nested ?? { personId: id };
    const made = memberEffect(asApiCall(call), group.uuid, member, operation);
    return [shownAt(made, asked.immediate)];
  };
  const effects = [
    ...asked.add.flatMap((id) => effect(id, 'add')),
    ...asked.remove.flatMap((id) => effect(id, 'remove')),
  ];
  simulator.record({ effects });
  return { body: truthOf(call, group) };
}

function groupOf(call: ControlCall): Group {
  const group = call.simulator.organization.group(call.params.groupId ?? '');
  if (!group) throw notFound();
  return group;
}

function truthOf(call: ControlCall, group: Group): unknown {
  const { organization } = call.simulator;
  return {
    ...renderGroup(organization, group, group.members.length),
    usage: group.usage,
    provisionSource: group.provisionSource,
    members: group.members.map((member) => renderMember(organization, member)),
  };
}
