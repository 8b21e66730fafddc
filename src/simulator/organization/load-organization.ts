import { decodeId, readLicenseValue, valueOfId } from './ids';
import { hashText, uuidFrom } from './random';
import type { CatalogLicense } from './catalog';
import type { Member } from './groups';
import { Organization } from './organization';
import type { JsonObject, OrganizationFolder } from './read-folder';

/** An organization out of recorded bodies; unknown fields are kept, missing ones stay missing. */
export function loadOrganization(folder: OrganizationFolder): Organization {
  const orgUuid = orgUuidOf(folder);
  const oldest = folder.people
    .map((one) => timeOf(one.created))
    .reduce((least, at) => (at > 0 ? Math.min(least, at) : least), Infinity);
  const createdAt = Number.isFinite(oldest) ? oldest : Date.UTC(2025, 0, 6);
  const organization = new Organization(orgUuid, 'Recorded organization', createdAt, true, null);
  for (const license of folder.licenses) addLicense(organization, license, folder.people.length);
  for (const person of folder.people) addPerson(organization, person);
  folder.licenses.forEach((license) => countStrangers(organization, license));
  for (const body of folder.locations) {
    const id = String(body.id);
    organization.locations.push({ uuid: valueOfId('LOCATION', id) ?? id, body });
  }
  for (const group of folder.groups) addGroup(organization, group);
  return organization;
}

function addLicense(organization: Organization, body: JsonObject, users: number): void {
  const { id, totalUnits, subscriptionId, consumedByWorkspaces, ...rest } = body;
  const total = numberOf(totalUnits);
  const subscription = typeof subscriptionId === 'string' ? subscriptionId : null;
  const countsUsers = subscription === null && total === users;
  organization.catalog.add({
    id: String(id),
    site: typeof rest.siteUrl === 'string' ? rest.siteUrl.toLowerCase() : null,
    listed: true,
    totalUnits: countsUsers ? 'users' : (total ?? null),
    subscriptionId: subscription,
    workspaces: consumedByWorkspaces === null ? null : (numberOf(consumedByWorkspaces) ?? 0),
    uncountedUsers: 0,
    fields: Object.fromEntries(
      Object.entries(rest).filter(([key]) => key !== 'consumedUnits' && key !== 'consumedByUsers'),
    ),
  });
}

/** The recorded count of users may include some whom `people.json` lacks: it is kept as it was. */
function countStrangers(organization: Organization, body: JsonObject): void {
  const license = organization.catalog.find(String(body.id));
  if (!license) return;
  const byUsers = numberOf(body.consumedByUsers);
  const consumed = numberOf(body.consumedUnits);
  const recorded =
    byUsers ?? (consumed === undefined ? undefined : consumed - (license.workspaces ?? 0));
  if (recorded === undefined) return;
  license.uncountedUsers = recorded - (organization.catalog.heldBy[license.index] ?? 0);
}

function addPerson(organization: Organization, body: JsonObject): void {
  const { id, licenses, ...fields } = body;
  const held = strings(licenses).map((license) => licenseOf(organization, license).index);
  const sites = strings(fields.siteUrls);
  const attendee = sites.flatMap((site) => /^(.+)#attendee$/i.exec(site)?.[1]?.toLowerCase() ?? []);
  organization.people.append(
    {
      holding: organization.catalog.intern(held, attendee).key,
      fields,
      exists: true,
      modifiedAt: timeOf(fields.lastModified),
    },
    String(id),
  );
}

/** A license that people hold; one that `licenses.json` lacks is known from then on, but not listed. */
function licenseOf(organization: Organization, id: string): CatalogLicense {
  const { catalog } = organization;
  const known = catalog.find(id);
  if (known) return known;
  const index = catalog.add({
    id,
    listed: false,
    totalUnits: 'users',
    subscriptionId: null,
    workspaces: 0,
    uncountedUsers: 0,
    fields: {},
  });
  return catalog.at(index);
}

function addGroup(organization: Organization, body: JsonObject): void {
  const { id, displayName, created, lastModified, members, ...rest } = body;
  const groupId = String(id);
  const uuid = (valueOfId('SCIM_GROUP', groupId) ?? groupId).split(':')[0] ?? groupId;
  const isLocation = organization.locations.some((one) => one.uuid === uuid);
  const listed = Array.isArray(members) ? (members as JsonObject[]) : [];
  organization.groups.add({
    id: groupId,
    uuid,
    displayName: typeof displayName === 'string' ? displayName : '',
    createdAt: timeOf(created),
    modifiedAt: timeOf(lastModified),
    members: distinct(listed.map((member) => memberOf(organization, member))),
    usage: isLocation ? 'location' : 'user',
    provisionSource: 'CONTROL_HUB',
    fields: Object.fromEntries(
      Object.entries({ ...rest, created, lastModified }).filter(
        ([key, value]) => key !== 'memberSize' && key !== 'orgId' && value !== undefined,
      ),
    ),
  });
}

/** Pages that were recorded while a group changed may name somebody twice. */
function distinct(members: readonly Member[]): Member[] {
  return [...new Map(members.map((one) => [typeof one === 'number' ? one : one.id, one])).values()];
}

function memberOf(organization: Organization, body: JsonObject): Member {
  const id = typeof body.id === 'string' ? body.id : '';
  const row = organization.people.rowOf(id);
  if (row !== undefined && (body.type === undefined || body.type === 'user')) return row;
  const guess = decodeId('PEOPLE', id) === undefined ? 'machine' : 'user';
  return {
    id,
    type: typeof body.type === 'string' ? body.type : guess,
    displayName: typeof body.displayName === 'string' ? body.displayName : '',
  };
}

/** Whose folder this is: a few people may belong to other organizations. */
function orgUuidOf({ licenses, people, groups }: OrganizationFolder): string {
  const counts = new Map<string, number>();
  for (const { orgId } of [...people, ...groups]) {
    const uuid = typeof orgId === 'string' ? valueOfId('ORGANIZATION', orgId) : undefined;
    if (uuid !== undefined) counts.set(uuid, (counts.get(uuid) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort(([, a], [, b]) => b - a);
  if (commonest) return commonest[0];
  for (const { id } of licenses) {
    const value = decodeId('LICENSE', String(id));
    const uuid = value === undefined ? undefined : readLicenseValue(value)?.orgUuid;
    if (uuid !== undefined) return uuid;
  }
  return uuidFrom(1, hashText('organization'));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function timeOf(value: unknown): number {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(at) ? at : 0;
}
