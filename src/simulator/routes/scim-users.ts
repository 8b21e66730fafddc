import type { PersonFields, UserState } from '../organization/population';
import type { Answer, Call } from '../server/route';
import { checkOrganization, listSchema, renderMeta, scimNotFound, scimPage } from './scim-page';
import { readScimFilter, type Lookup } from './scim-filter';

const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User';
const enterpriseUser = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface Found {
  row: number;
  state: UserState;
}

/** `GET /identity/scim/{orgUuid}/v2/Users`. */
export function listScimUsers(call: Call): Answer {
  checkOrganization(call);
  const { people } = call.simulator.organization;
  const test = readScimFilter(call.query.get('filter'));
  const found: Found[] = [];
  for (let row = 0; row < people.size; row += 1) {
    const state = people.seen(row, call.replica, call.now);
    if (state.exists && test(lookupOf(call, { row, state }))) found.push({ row, state });
  }
  const sortBy = call.query.get('sortBy') ?? 'id';
  const isByTime = sortBy.toLowerCase() === 'meta.lastmodified';
  const key = (one: Found): string | number =>
    isByTime ? one.state.modifiedAt : String(lookupOf(call, one)(sortBy)[0]);
  const { page, startIndex } = scimPage(call, found, key, 1000);
  const groupNames = call.query.get('returnGroups') === 'true' ? groupsOf(call, page) : null;
  return {
    status: 200,
    body: {
      schemas: [listSchema],
      totalResults: found.length,
      itemsPerPage: page.length,
      startIndex,
      Resources: page.map((one) => pickAttributes(call, renderUser(call, one, groupNames))),
    },
  };
}

/** `GET /identity/scim/{orgUuid}/v2/Users/{userId}`: raw UUIDs only. */
export function getScimUser(call: Call): Answer {
  checkOrganization(call);
  const { people } = call.simulator.organization;
  const row = people.rowOf(call.params.userId ?? '');
  const state = row === undefined ? undefined : people.seen(row, call.replica, call.now);
  if (row === undefined || !state?.exists || people.uuid(row) !== call.params.userId) {
    throw scimNotFound('User');
  }
  return { status: 200, body: renderUser(call, { row, state }, null) };
}

function renderUser(
  call: Call,
  { row, state }: Found,
  groups: Map<number, unknown[]> | null,
): Record<string, unknown> {
  const { people } = call.simulator.organization;
  const fields = people.fieldsOf(row, state);
  const emails = Array.isArray(fields.emails) ? (fields.emails as string[]) : [];
  const uuid = people.uuid(row);
  const created = typeof fields.created === 'string' ? fields.created : new Date(0).toISOString();
  return {
    schemas: [coreUser, enterpriseUser],
    id: uuid,
    userName: emails[0] ?? uuid,
    active: fields.loginEnabled !== false,
    name: { givenName: textOf(fields.firstName), familyName: textOf(fields.lastName) },
    displayName: textOf(fields.displayName),
    emails: emails.map((value, at) => ({ value, type: 'work', primary: at === 0 })),
    userType: 'user',
    ...(groups ? { groups: groups.get(row) ?? [] } : {}),
    [enterpriseUser]: { department: textOf(fields.department) },
    meta: renderMeta(call, 'User', uuid, created, state.modifiedAt),
  };
}

/** Recorded people may have null where SCIM has a text or no attribute. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Attributes that filters and `sortBy` may name, in lower case, read from a person's fields. */
const attributes: Readonly<Record<string, (fields: PersonFields) => unknown[]>> = {
  username: (fields) => emailsOf(fields).slice(0, 1),
  emails: emailsOf,
  'emails.value': emailsOf,
  'name.givenname': ({ firstName }) => [firstName],
  'name.familyname': ({ lastName }) => [lastName],
  'meta.created': ({ created }) => [created],
  active: ({ loginEnabled }) => [loginEnabled !== false],
  usertype: () => ['user'],
  displayname: ({ displayName }) => [displayName],
};

function lookupOf(call: Call, { row, state }: Found): Lookup {
  const { people } = call.simulator.organization;
  return (path) => {
    const wanted = path.toLowerCase();
    if (wanted === 'meta.lastmodified') return [new Date(state.modifiedAt).toISOString()];
    if (wanted === 'id') return [people.uuid(row)];
    return attributes[wanted]?.(people.fieldsOf(row, state)) ?? [];
  };
}

function emailsOf({ emails }: PersonFields): unknown[] {
  return Array.isArray(emails) ? emails : [];
}

function groupsOf(call: Call, page: readonly Found[]): Map<number, unknown[]> {
  const { groups } = call.simulator.organization;
  const result = new Map<number, unknown[]>(page.map(({ row }) => [row, []]));
  for (const group of groups.all.values()) {
    for (const member of groups.seen(group, call.replica, call.now)) {
      if (typeof member !== 'number') continue;
      result.get(member)?.push({ value: group.uuid, display: group.displayName });
    }
  }
  return result;
}

/** Applies `attributes` and `excludedAttributes` by top-level name; keeps what SCIM requires. */
export function pickAttributes(
  call: Call,
  resource: Record<string, unknown>,
): Record<string, unknown> {
  const names = (key: string): string[] | undefined =>
    call.query
      .get(key)
      ?.toLowerCase()
      .split(',')
      .map((one) => one.trim().split('.')[0] ?? '');
  const [wanted, unwanted] = [names('attributes'), names('excludedAttributes')];
  if (!wanted && !unwanted) return resource;
  const always = ['schemas', 'id', 'username', 'displayname', 'usertype', 'meta'];
  const isKept = (key: string): boolean =>
    always.includes(key) || ((wanted?.includes(key) ?? true) && !unwanted?.includes(key));
  return Object.fromEntries(Object.entries(resource).filter(([key]) => isKept(key.toLowerCase())));
}
