import { z } from 'zod';
import type { Effect } from '../organization/effect';
import type { Organization } from '../organization/organization';
import type { UserState } from '../organization/population';
import { badRequest, notFound } from '../server/api-error';
import { createPerson, removePerson } from '../routes/write-person';
import { userEffect } from '../routes/user-effect';
import type { Call } from '../server/route';
import { queryNumber, readControl, type Control, type ControlCall } from './control';

const change = z.strictObject({
  /** License ids: all that the user will hold, or those to add and remove. */
  licenses: z.array(z.string()).optional(),
  addLicenses: z.array(z.string()).default([]),
  removeLicenses: z.array(z.string()).default([]),
  attendeeSites: z.array(z.string()).optional(),
  /** Merged into the person's other fields; null removes one. */
  fields: z.record(z.string(), z.unknown()).default({}),
  /** The change shows immediately, whatever the propagation setting. */
  immediate: z.boolean().default(false),
});

/** Changes of people made by "somebody else": no token, no rules, no line in the log of writes. */
export const personControls: Control[] = [
  {
    method: 'GET',
    path: '/_simulator/people',
    summary:
      'Shows the true state of all users: ?after=<row>&limit=1000, or ?format=ndjson for all of them.',
    handle: listTruth,
  },
  {
    method: 'POST',
    path: '/_simulator/people',
    summary: 'Adds a user; the body is that of POST /v1/people.',
    handle: (call) => {
      const { personId, effects } = createPerson(asApiCall(call));
      call.simulator.record({ effects: effects.map((one) => shownAt(one, isImmediate(call))) });
      return { status: 201, body: truthOf(call, rowOf(call, personId)) };
    },
  },
  {
    method: 'GET',
    path: '/_simulator/people/{personId}',
    summary: 'Shows the true state of one user (id, UUID or e-mail), and what each replica shows.',
    handle: (call) => ({ body: truthOf(call, rowOf(call)) }),
  },
  {
    method: 'PATCH',
    path: '/_simulator/people/{personId}',
    summary:
      'Changes a user: licenses, addLicenses, removeLicenses, attendeeSites, fields, immediate.',
    handle: changePerson,
  },
  {
    method: 'DELETE',
    path: '/_simulator/people/{personId}',
    summary: 'Deletes a user; with ?immediate=true all replicas show it immediately.',
    handle: (call) => {
      const { effects } = removePerson({ ...asApiCall(call) }, rowOf(call));
      call.simulator.record({ effects: effects.map((one) => shownAt(one, isImmediate(call))) });
      return { status: 204 };
    },
  },
];

function changePerson(call: ControlCall): { body: unknown } {
  const { simulator } = call;
  const { people, catalog } = simulator.organization;
  const asked = readControl(change, call.body);
  const row = rowOf(call);
  const state = people.truth(row);
  const held = catalog.holding(state.holding);
  const index = (id: string): number => {
    const license = catalog.find(id);
    if (!license) throw badRequest(`No such license: ${id}`);
    return license.index;
  };
  const removed = asked.removeLicenses.map(index);
  const start = asked.licenses?.map(index) ?? held.licenses;
  const merged = { ...people.fieldsOf(row, state), ...asked.fields };
  const effect = userEffect(asApiCall(call), simulator.organization.personId(row), {
    licenses: [...start, ...asked.addLicenses.map(index)].filter((at) => !removed.includes(at)),
    attendeeSites: asked.attendeeSites ?? held.attendeeSites,
    fields:
      Object.keys(asked.fields).length === 0
        ? state.fields
        : Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)),
    exists: true,
  });
  simulator.record({ effects: [shownAt(effect, asked.immediate)] });
  return { body: truthOf(call, row) };
}

function listTruth(call: ControlCall): { body?: unknown; lines?: Iterable<unknown> } {
  const { people } = call.simulator.organization;
  if (call.query.get('format') === 'ndjson') return { lines: allTruth(call) };
  const after = queryNumber(call.query, 'after', -1);
  const limit = Math.min(10_000, queryNumber(call.query, 'limit', 1000));
  const end = Math.min(people.size, after + 1 + limit);
  const items: unknown[] = [];
  for (let row = after + 1; row < end; row += 1) items.push(shortTruth(call, row));
  return { body: { items, next: end < people.size ? end - 1 : null } };
}

function* allTruth(call: ControlCall): Generator {
  const { people } = call.simulator.organization;
  for (let row = 0; row < people.size; row += 1) yield shortTruth(call, row);
}

function shortTruth(call: ControlCall, row: number): Record<string, unknown> {
  const { organization } = call.simulator;
  const state = organization.people.truth(row);
  return { row, personId: organization.personId(row), ...holdingsOf(organization, state) };
}

function truthOf(call: ControlCall, row: number): unknown {
  const { organization, clock, settings } = call.simulator;
  const { people } = organization;
  const state = people.truth(row);
  const replicas = Array.from({ length: settings.propagation.replicas }, (_, replica) =>
    holdingsOf(organization, people.seen(row, replica, clock.now())),
  );
  const fields = people.fieldsOf(row, state);
  return { ...shortTruth(call, row), fields, modifiedAt: new Date(state.modifiedAt), replicas };
}

function holdingsOf(organization: Organization, state: UserState): Record<string, unknown> {
  const holding = organization.catalog.holding(state.holding);
  const hostSites = organization.catalog.hostSites(holding);
  const { ids: licenses, attendeeSites } = holding;
  return { exists: state.exists, licenses, hostSites, attendeeSites };
}

function rowOf(call: ControlCall, id = call.params.personId ?? ''): number {
  const { people } = call.simulator.organization;
  const row = id.includes('@') ? people.rowOfEmail(id) : people.rowOf(id);
  if (row === undefined) throw notFound();
  return row;
}

function isImmediate(call: ControlCall): boolean {
  return call.query.get('immediate') === 'true';
}

export function shownAt(effect: Effect, isNow: boolean): Effect {
  return isNow && 'visibleAt' in effect ? { ...effect, visibleAt: null } : effect;
}

/** The part of an API call that the pure functions of the API need. */
export function asApiCall(call: ControlCall): Call {
  return {
    ...call,
    headers: {},
    origin: '',
    path: '',
    token: null,
    replica: 0,
    now: call.simulator.clock.now(),
    distortion: null,
  };
}
