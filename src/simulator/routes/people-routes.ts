import { decodeId, encodeId } from '../organization/ids';
import { renderPerson } from './render-person';
import type { UserState } from '../organization/population';
import { badRequest, notFound } from '../server/api-error';
import type { Answer, Call, Route } from '../server/route';
import { nextLink, numberOf } from './page-link';

const read = ['spark-admin:people_read', 'spark-admin:people_write'];

export const peopleReadRoutes: Route[] = [
  { method: 'GET', path: '/v1/people', operation: 'list people', scopes: read, handle: listPeople },
  {
    method: 'GET',
    path: '/v1/people/me',
    operation: 'get me',
    scopes: [...read, 'spark:people_read'],
    handle: getMe,
  },
  {
    method: 'GET',
    path: '/v1/people/{personId}',
    operation: 'get person',
    scopes: read,
    handle: getPerson,
  },
];

function listPeople(call: Call): Answer {
  const { organization, settings } = call.simulator;
  const { people } = organization;
  const callingData = call.query.get('callingData') === 'true';
  const max = pageSizeOf(call, callingData);
  const hidesStatus = call.query.get('excludeStatus') === 'true';
  const show = (row: number, state: UserState): unknown => {
    const options = { settings, callingData, inList: true };
    const person = renderPerson(organization, row, state, options);
    return hidesStatus ? { ...person, status: undefined } : person;
  };
  const ids = call.query.get('id');
  if (ids !== null) return listById(call, ids.split(','), show);

  const matches = filterOf(call);
  const { from, end } = rowsOf(call);
  const items: unknown[] = [];
  for (let row = from; row < end; row += 1) {
    const state = people.seen(row, call.replica, call.now);
    if (!state.exists || !matches(row, state)) continue;
    if (items.length === max) {
      const headers = nextLink(call, { cursor: encodeId('PEOPLE_PAGING', String(row)) });
      return { status: 200, body: { notFoundIds: null, items }, headers };
    }
    items.push(show(row, state));
  }
  return { status: 200, body: { notFoundIds: null, items } };
}

/** `max`, cut to what Webex allows for this kind of list. */
function pageSizeOf(call: Call, callingData: boolean): number {
  const { peoplePageCap } = call.simulator.settings;
  const cap = call.query.has('locationId') ? 50 : callingData ? 100 : peoplePageCap;
  return numberOf(call, 'max', { min: 1, max: cap, otherwise: Math.min(100, cap) });
}

/** Rows to look through: from the cursor on, or only the one with this e-mail address. */
function rowsOf(call: Call): { from: number; end: number } {
  const { people } = call.simulator.organization;
  const cursor = call.query.get('cursor');
  const from = cursor === null ? 0 : Number(decodeId('PEOPLE_PAGING', cursor));
  if (!Number.isInteger(from)) throw badRequest('The cursor is not one of this list.');
  const email = call.query.get('email');
  if (email === null) return { from, end: people.size };
  const only = people.rowOfEmail(email);
  return only === undefined ? { from, end: 0 } : { from: Math.max(from, only), end: only + 1 };
}

function listById(
  call: Call,
  ids: string[],
  show: (row: number, state: UserState) => unknown,
): Answer {
  if (ids.length > 85) throw badRequest('At most 85 ids can be asked for at once.');
  const { people } = call.simulator.organization;
  const items: unknown[] = [];
  const notFoundIds: string[] = [];
  for (const id of ids.map((one) => one.trim())) {
    const row = people.rowOf(id);
    const state = row === undefined ? undefined : people.seen(row, call.replica, call.now);
    if (row === undefined || !state?.exists) notFoundIds.push(id);
    else items.push(show(row, state));
  }
  return { status: 200, body: { notFoundIds: notFoundIds.length > 0 ? notFoundIds : null, items } };
}

/** The filters `displayName`, `roles` and `locationId`. */
function filterOf(call: Call): (row: number, state: UserState) => boolean {
  const { people } = call.simulator.organization;
  const name = call.query.get('displayName')?.toLowerCase();
  const roles = call.query.get('roles')?.split(',');
  const locationId = call.query.get('locationId');
  const isFiltered = name !== undefined || roles !== undefined || locationId !== null;
  return (row, state) => {
    if (!isFiltered) return true;
    const fields = people.fieldsOf(row, state);
    if (name !== undefined && !String(fields.displayName).toLowerCase().startsWith(name))
      return false;
    if (locationId !== null && fields.locationId !== locationId) return false;
    return roles === undefined || roles.some((role) => listed(fields.roles, role));
  };
}

function listed(list: unknown, item: string): boolean {
  return Array.isArray(list) && list.includes(item);
}

function getMe(call: Call): Answer {
  if (call.token?.kind === 'service-app') throw notFound();
  const { organization } = call.simulator;
  const row = organization.administrator();
  const state = organization.people.seen(row, call.replica, call.now);
  if (!state.exists) throw notFound();
  return showOne(call, row, state);
}

function getPerson(call: Call): Answer {
  const { people } = call.simulator.organization;
  const row = people.rowOf(call.params.personId ?? '');
  const state = row === undefined ? undefined : people.seen(row, call.replica, call.now);
  if (row === undefined || !state?.exists) throw notFound();
  return showOne(call, row, state);
}

function showOne(call: Call, row: number, state: UserState): Answer {
  const { organization, settings } = call.simulator;
  const callingData = call.query.get('callingData') === 'true';
  const body = renderPerson(organization, row, state, { settings, callingData, inList: false });
  return { status: 200, body };
}
