import type { PhoneNumber } from '../organization/numbers';
import type { Organization } from '../organization/organization';
import type { Call, Route } from '../server/route';
import { nextLink, numberOf } from './page-link';

export const numberRoutes: Route[] = [
  {
    method: 'GET',
    path: '/v1/telephony/config/numbers',
    operation: 'list phone numbers',
    scopes: ['spark-admin:telephony_config_read'],
    handle: listNumbers,
  },
];

/** The inventory of Webex Calling: `start` counts from 0, `max` is at most 2000. */
function listNumbers(call: Call) {
  const { organization } = call.simulator;
  const all = organization.numbers.list();
  const start = numberOf(call, 'start', { min: 0, max: Infinity, otherwise: 0 });
  const max = numberOf(call, 'max', { min: 1, max: 2_000, otherwise: 2_000 });
  const next = { start: String(start + max), max: String(max) };
  const headers = start + max < all.length ? nextLink(call, next) : {};
  const page = all.slice(start, start + max).map((one) => renderNumber(organization, one));
  return { status: 200, body: { phoneNumbers: page }, headers };
}

export function renderNumber(
  organization: Organization,
  { number, locationUuid, ownerId }: PhoneNumber,
): Record<string, unknown> {
  const location = organization.locations.find(({ uuid }) => uuid === locationUuid)?.body;
  return {
    phoneNumber: number,
    state: 'ACTIVE',
    phoneNumberType: 'PRIMARY',
    ...(location ? { location: { id: location.id, name: location.name } } : {}),
    ...(ownerId === null ? {} : { owner: { id: ownerId, type: 'PEOPLE' } }),
  };
}
