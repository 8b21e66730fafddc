import { z } from 'zod';
import type { Effect } from '../organization/effect';
import { badRequest } from '../server/api-error';
import { userEffect } from '../routes/user-effect';
import { readControl, type Control, type ControlCall } from './control';
import { asApiCall, shownAt } from './person-controls';

const change = z.strictObject({
  /** Only every n-th user, counted from the first. */
  every: z.int().min(1).default(1),
  addLicenses: z.array(z.string()).default([]),
  removeLicenses: z.array(z.string()).default([]),
  /** The change shows immediately, whatever the propagation setting. */
  immediate: z.boolean().default(false),
});

/** The journal gets one line per so many users. */
const usersPerRecord = 1_000;

/** One change for many people by "somebody else", as a migration makes it. Bots are left alone. */
export const manyPeopleControls: Control[] = [
  {
    method: 'PATCH',
    path: '/_simulator/people',
    summary: 'Changes every n-th user: every, addLicenses, removeLicenses, immediate.',
    handle: changeMany,
  },
];

function changeMany(call: ControlCall): { body: unknown } {
  const { simulator } = call;
  const { people, catalog } = simulator.organization;
  const { every, immediate, ...asked } = readControl(change, call.body);
  const index = (id: string): number => {
    const license = catalog.find(id);
    if (!license) throw badRequest(`No such license: ${id}`);
    return license.index;
  };
  const added = asked.addLicenses.map(index);
  const removed = new Set(asked.removeLicenses.map(index));
  const asCall = asApiCall(call);
  let changed = 0;
  let effects: Effect[] = [];
  for (let row = 0; row < people.size; row += every) {
    const state = people.truth(row);
    if (!state.exists || people.fieldsOf(row, state).type !== 'person') continue;
    const { licenses, attendeeSites } = catalog.holding(state.holding);
    const held = [...licenses, ...added].filter((at) => !removed.has(at));
    if (catalog.intern(held, attendeeSites).key === state.holding) continue;
    const { fields } = state;
    const personId = simulator.organization.personId(row);
    const becomes = { licenses: held, attendeeSites, fields, exists: true };
    effects.push(shownAt(userEffect(asCall, personId, becomes), immediate));
    changed += 1;
    if (effects.length < usersPerRecord) continue;
    simulator.record({ effects });
    effects = [];
  }
  if (effects.length > 0) simulator.record({ effects });
  return { body: { changed } };
}
