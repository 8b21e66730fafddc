import type { Effect } from '../organization/effect';
import type { PhoneNumber } from '../organization/numbers';
import type { Organization } from '../organization/organization';
import type { PersonFields, UserState } from '../organization/population';
import { assignLicenses, type AssignmentResult } from '../rules/assign-licenses';
import { givesPhone, ownNumberOf, placeCaller, withoutPhone, withPhone } from '../rules/calling';
import { readAssignment, type Assignment } from '../rules/read-assignment';
import { notFound } from '../server/api-error';
import { checkOrganizationId } from '../server/organization-asked';
import type { Answer, Call } from '../server/route';
import { isSameHolding, memberEffect, userEffect } from './user-effect';

/** `PATCH /v1/licenses/users` (webex-api 1.4). */
export function assignUserLicenses(call: Call): Answer {
  const { organization, settings } = call.simulator;
  const { people, catalog } = organization;
  const asked = readAssignment(call.body, catalog, settings);
  if (asked.orgId !== null) checkOrganizationId(call.simulator, asked.orgId);
  const row = rowOf(organization, asked);
  const state = people.truth(row);
  const held = catalog.holding(state.holding);
  const result = assignLicenses(organization, held, asked, settings, call.distortion);
  const personId = organization.personId(row);
  const phone = phoneChange(call, { personId, fields: people.fieldsOf(row, state), state, result });
  const effects: Effect[] = [];
  const isSame = isSameHolding(organization, state, result.licenses, result.attendeeSites);
  if (!isSame || phone) {
    const fields = phone ? phone.fields : state.fields;
    effects.push(userEffect(call, personId, { ...result, fields, exists: true }));
  }
  if (phone?.number) effects.push({ kind: 'number', number: phone.number });
  if (phone?.groupUuid !== undefined && organization.groups.all.has(phone.groupUuid)) {
    effects.push(memberEffect(call, phone.groupUuid, { personId }, 'add'));
  }
  return {
    status: result.status,
    personId,
    effects,
    body: renderAssignment(organization, row, people.fieldsOf(row, state), {
      ...result,
      shouts: asked.shoutsAccountTypes || settings.accountTypes === 'upper',
    }),
  };
}

/** Side effects of Calling: number, location and the location's group are added or removed. */
function phoneChange(
  call: Call,
  user: { personId: string; fields: PersonFields; state: UserState; result: AssignmentResult },
): { fields: PersonFields; groupUuid?: string; number?: PhoneNumber } | null {
  const { organization, settings } = call.simulator;
  const { personId, fields, state, result } = user;
  const { catalog } = organization;
  const calls = (indices: readonly number[]): boolean =>
    indices.some((index) => givesPhone(catalog.at(index), settings.offers));
  const added = result.added.filter(({ license }) => givesPhone(license, settings.offers)).at(-1);
  if (added) {
    const { license, properties } = added;
    const location = placeCaller(organization, { license, properties, personId });
    const entry = organization.numbers.find(properties?.phoneNumber ?? '');
    return {
      fields: withPhone(fields, location, properties),
      groupUuid: location.uuid,
      ...(entry ? { number: { ...entry, ownerId: personId } } : {}),
    };
  }
  const lost = calls(catalog.holding(state.holding).licenses) && !calls(result.licenses);
  if (!lost) return null;
  const own = ownNumberOf(organization, fields, personId);
  return { fields: withoutPhone(fields), ...(own ? { number: { ...own, ownerId: null } } : {}) };
}

function rowOf(organization: Organization, asked: Assignment): number {
  const { people } = organization;
  const row =
    asked.personId === null ? people.rowOfEmail(asked.email ?? '') : people.rowOf(asked.personId);
  if (row === undefined || !people.truth(row).exists) throw notFound();
  return row;
}

function renderAssignment(
  organization: Organization,
  row: number,
  fields: PersonFields,
  result: Pick<AssignmentResult, 'licenses' | 'attendeeSites'> & { shouts: boolean },
): unknown {
  const typed = (accountType: string): string =>
    result.shouts ? accountType.toUpperCase() : accountType;
  const { catalog } = organization;
  const holding = catalog.intern(result.licenses, result.attendeeSites);
  const emails = Array.isArray(fields.emails) ? (fields.emails as unknown[]) : [];
  return {
    orgId: organization.orgId,
    personId: organization.personId(row),
    email: emails[0],
    licenses: holding.ids,
    siteUrls: [
      ...catalog.hostSites(holding).map((siteUrl) => ({ siteUrl, accountType: typed('host') })),
      ...holding.attendeeSites.map((siteUrl) => ({ siteUrl, accountType: typed('attendee') })),
    ],
  };
}
