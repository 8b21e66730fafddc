import { randomUUID } from 'node:crypto';
import { encodeId } from '../organization/ids';
import type { Effect } from '../organization/effect';
import type { Organization } from '../organization/organization';
import { emailsOf, type PersonFields } from '../organization/population';
import type { AssignmentResult } from '../rules/assign-licenses';
import { givesPhone, withoutPhone } from '../rules/calling';
import { isRecord } from '../server/read-body';
import { ApiError, badRequest } from '../server/api-error';
import type { Call } from '../server/route';
import { bestEffort } from './best-effort';
import { isSameHolding, memberEffect, userEffect } from './user-effect';

/** Offers that every user gets at creation. */
const freeOffers = ['FMS', 'FTM', 'FTC', 'FSS'];
/** Properties that a body can't set. */
const ownProperties = ['id', 'licenses', 'siteUrls', 'orgId', 'created', 'lastModified', 'status'];

/** Checks the body of a POST or PUT of a person and returns its fields. */
function readFields(body: unknown): { given: Record<string, unknown>; emails: string[] } {
  if (!isRecord(body)) throw badRequest('The request body is not a JSON object.');
  const emails = emailsOf(body);
  if (emails.length === 0 || !emails.every((email) => email.includes('@'))) {
    throw badRequest('emails needs one e-mail address.');
  }
  const named = ['displayName', 'firstName', 'lastName'].some(
    (key) => typeof body[key] === 'string',
  );
  if (!named) throw badRequest('One of displayName, firstName or lastName is required.');
  return { given: body, emails };
}

/** `POST /people`: adds licenses as far as they are valid and available, and always the free ones. */
export function createPerson(call: Call): { personId: string; effects: Effect[] } {
  const { organization, settings } = call.simulator;
  const { given, emails } = readFields(call.body);
  refuseTaken(organization, emails, null);
  const fields: PersonFields = {
    displayName: [given.firstName, given.lastName].filter(Boolean).join(' '),
    ...without(given, ownProperties),
    emails,
    orgId: organization.orgId,
    created: new Date(call.now).toISOString(),
    status: 'pending',
    invitePending: true,
    loginEnabled: true,
    type: 'person',
  };
  const { licenses: all } = organization.catalog;
  const free = all.filter((one) => one.subscriptionId === null && freeOffers.includes(one.offer));
  const held = { licenses: free.map((one) => one.index), attendeeSites: [] };
  const wanted = [...held.licenses, ...listedLicenses(organization, given.licenses)].filter(
    (index) => !givesPhone(organization.catalog.at(index), settings.offers) || hasPhone(given),
  );
  const result = bestEffort(call, held, wanted, attendeeOf(organization, given.siteUrls));
  const personId = encodeId('PEOPLE', randomUUID());
  const effects = [userEffect(call, personId, { ...result, fields, exists: true })];
  return { personId, effects: [...effects, ...joinLocation(call, personId, given, result)] };
}

/** `PUT /people/{id}`: the body replaces everything; licenses as far as they are valid and available. */
export function replacePerson(call: Call, row: number): { personId: string; effects: Effect[] } {
  const { organization, settings } = call.simulator;
  const { people, catalog } = organization;
  const { given, emails } = readFields(call.body);
  refuseTaken(organization, emails, row);
  const state = people.truth(row);
  const held = catalog.holding(state.holding);
  const old = people.fieldsOf(row, state);
  const wanted =
    given.licenses === undefined ? held.licenses : listedLicenses(organization, given.licenses);
  // Licenses that GET /licenses doesn't list can't be removed this way.
  const unlisted = held.licenses.filter((index) => !catalog.at(index).listed);
  const sites = attendeeOf(organization, given.siteUrls);
  const keepsSites = call.query.get('showAllTypes') !== 'true';
  const result = bestEffort(
    call,
    held,
    [...wanted, ...unlisted],
    keepsSites ? [...new Set([...held.attendeeSites, ...sites])] : sites,
  );
  const isCaller = result.licenses.some((at) => givesPhone(catalog.at(at), settings.offers));
  const kept = {
    ...without(given, ownProperties),
    ...Object.fromEntries(
      ['orgId', 'created', 'lastModified', 'status', 'siteUrls'].flatMap((key) =>
        key in old ? [[key, old[key]]] : [],
      ),
    ),
    ...(isCaller && old.locationId !== undefined ? { locationId: old.locationId } : {}),
    emails,
  };
  const fields = isCaller ? kept : withoutPhone(kept);
  const personId = organization.personId(row);
  const isSame =
    isSameHolding(organization, state, result.licenses, result.attendeeSites) &&
    JSON.stringify(sorted(fields)) === JSON.stringify(sorted(old));
  if (isSame) return { personId, effects: [] };
  const effects = [userEffect(call, personId, { ...result, fields, exists: true })];
  return { personId, effects: [...effects, ...joinLocation(call, personId, given, result)] };
}

/** Removes the user, also from every group. */
export function removePerson(
  call: Pick<Call, 'simulator' | 'now'>,
  row: number,
): { personId: string; effects: Effect[] } {
  const { organization } = call.simulator;
  const personId = organization.personId(row);
  const state = organization.people.truth(row);
  const { licenses, attendeeSites } = organization.catalog.holding(state.holding);
  const held = { licenses, attendeeSites, fields: state.fields };
  const memberships = [...organization.groups.all.values()]
    .filter((group) => organization.groups.has(group, row))
    .map((group) => memberEffect(call, group.uuid, { personId }, 'remove'));
  return {
    personId,
    effects: [...memberships, userEffect(call, personId, { ...held, exists: false })],
  };
}

function joinLocation(
  call: Call,
  personId: string,
  given: Record<string, unknown>,
  result: AssignmentResult,
): Effect[] {
  const { organization, settings } = call.simulator;
  const isNewCaller = result.added.some((one) => givesPhone(one.license, settings.offers));
  const location =
    typeof given.locationId === 'string' ? organization.location(given.locationId) : undefined;
  if (!isNewCaller || !location || !organization.groups.all.has(location.uuid)) return [];
  return [memberEffect(call, location.uuid, { personId }, 'add')];
}

function hasPhone(given: Record<string, unknown>): boolean {
  const numbered = given.extension !== undefined || Array.isArray(given.phoneNumbers);
  return numbered && typeof given.locationId === 'string';
}

function listedLicenses(organization: Organization, ids: unknown): number[] {
  const known = (Array.isArray(ids) ? ids : []).map((id) => organization.catalog.find(String(id)));
  return known.flatMap((license) => (license?.listed ? [license.index] : []));
}

function attendeeOf(organization: Organization, siteUrls: unknown): string[] {
  const known = organization.catalog.sites();
  return (Array.isArray(siteUrls) ? siteUrls : [])
    .map((one) => /^(.+)#attendee$/i.exec(String(one))?.[1]?.toLowerCase())
    .filter((site) => site !== undefined)
    .filter((site) => known.includes(site));
}

function refuseTaken(
  organization: Organization,
  emails: readonly string[],
  row: number | null,
): void {
  const taken = emails.some((email) => {
    const other = organization.people.rowOfEmail(email);
    return other !== undefined && other !== row && organization.people.truth(other).exists;
  });
  if (taken) throw new ApiError(409, 'User already exists.');
}

function without(fields: Record<string, unknown>, keys: readonly string[]): PersonFields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));
}

function sorted(fields: PersonFields): [string, unknown][] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}
