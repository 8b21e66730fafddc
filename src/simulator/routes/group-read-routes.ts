import type { Group } from '../organization/groups';
import { renderGroup, renderMember } from './render-group';
import { badRequest, notFound } from '../server/api-error';
import type { Answer, Call, Route } from '../server/route';
import { nextLink, numberOf } from './page-link';

const scopes = ['identity:groups_read', 'identity:groups_rw'];
/** No answer carries more members than this. */
const memberCap = 500;

export const groupReadRoutes: Route[] = [
  { method: 'GET', path: '/v1/groups', operation: 'list groups', scopes, handle: listGroups },
  { method: 'GET', path: '/v1/groups/{groupId}', operation: 'get group', scopes, handle: getGroup },
  {
    method: 'GET',
    path: '/v1/groups/{groupId}/members',
    operation: 'list members',
    scopes,
    handle: listMembers,
  },
];

/** The group of the path. Throws 404 if it doesn't exist. */
export function groupOf(call: Call): Group {
  const group = call.simulator.organization.group(call.params.groupId ?? '');
  if (!group) throw notFound();
  return group;
}

function listGroups(call: Call): Answer {
  const { organization } = call.simulator;
  const matches = readFilter(call.query.get('filter'));
  const groups = [...organization.groups.all.values()].filter((group) => matches(group));
  sortGroups(groups, call.query.get('sortBy'), call.query.get('sortOrder'));
  const includeMembers = call.query.get('includeMembers') === 'true';
  const page = pageOf(call, groups.length, 1000);
  const shown = groups.slice(page.startIndex - 1, page.startIndex - 1 + page.count);
  return {
    status: 200,
    body: {
      totalResults: groups.length,
      startIndex: page.startIndex,
      itemsPerPage: shown.length,
      groups: shown.map((group) =>
        pickGroupAttributes(call, show(call, group, includeMembers ? memberCap : 0)),
      ),
    },
    headers: page.headers,
  };
}

function getGroup(call: Call): Answer {
  const includeMembers = call.query.get('includeMembers') === 'true';
  return { status: 200, body: show(call, groupOf(call), includeMembers ? memberCap : 0) };
}

function listMembers(call: Call): Answer {
  const { organization } = call.simulator;
  const group = groupOf(call);
  const all = organization.groups.seen(group, call.replica, call.now);
  const cut = call.simulator.settings.shortMemberLists[group.id];
  const members = cut ? all.slice(0, cut.shown) : all;
  const page = pageOf(call, members.length, memberCap);
  const shown = members.slice(page.startIndex - 1, page.startIndex - 1 + page.count);
  return {
    status: 200,
    body: {
      ...renderGroup(organization, group, cut?.admits ? all.length : members.length),
      members: shown.map((member) => renderMember(organization, member)),
    },
    headers: page.headers,
  };
}

function show(call: Call, group: Group, memberLimit: number): Record<string, unknown> {
  const { organization } = call.simulator;
  const members = organization.groups.seen(group, call.replica, call.now);
  const body = renderGroup(organization, group, members.length);
  if (memberLimit === 0) return body;
  const shown = members.slice(0, memberLimit);
  return { ...body, members: shown.map((member) => renderMember(organization, member)) };
}

/** `attributes`: the id and the named ones. */
function pickGroupAttributes(call: Call, group: Record<string, unknown>): Record<string, unknown> {
  const wanted = call.query
    .get('attributes')
    ?.toLowerCase()
    .split(',')
    .map((one) => one.trim());
  if (!wanted) return group;
  const isKept = ([key]: [string, unknown]): boolean =>
    key === 'id' || wanted.includes(key.toLowerCase());
  return Object.fromEntries(Object.entries(group).filter(isKept));
}

/** `startIndex` and `count`, and a `Link` if more entries follow. */
function pageOf(
  call: Call,
  total: number,
  cap: number,
): { startIndex: number; count: number; headers: Record<string, string> } {
  const startIndex = numberOf(call, 'startIndex', { min: 1, max: Infinity, otherwise: 1 });
  const count = numberOf(call, 'count', { min: 0, max: cap, otherwise: Math.min(cap, 100) });
  const next = startIndex + count;
  const headers =
    count > 0 && next <= total
      ? nextLink(call, { startIndex: String(next), count: String(count) })
      : {};
  return { startIndex, count, headers };
}

/** `displayName eq "x"`, `displayName sw "x"`, or nothing. */
function readFilter(filter: string | null): (group: Group) => boolean {
  if (filter === null || filter.trim() === '') return () => true;
  const match = /^\s*displayName\s+(eq|sw)\s+"((?:[^"\\]|\\.)*)"\s*$/i.exec(filter);
  if (!match) throw badRequest('The filter is not supported.');
  const word = (match[2] ?? '').replaceAll(/\\(.)/g, '$1').toLowerCase();
  return match[1]?.toLowerCase() === 'eq'
    ? (group) => group.displayName.toLowerCase() === word
    : (group) => group.displayName.toLowerCase().startsWith(word);
}

function sortGroups(groups: Group[], sortBy: string | null, sortOrder: string | null): void {
  if (sortBy === null) return;
  const sign = sortOrder?.toLowerCase().startsWith('desc') ? -1 : 1;
  const key = (group: Group): string =>
    sortBy.toLowerCase() === 'id' ? group.id : group.displayName;
  groups.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
