import { encodeId } from './ids';
import { hashText, uuidFrom } from './random';
import { addGeneratedGroups } from './generated-groups';
import { addGeneratedLicenses, type LicenseKey } from './generated-licenses';
import { PeopleGenerator } from './generated-people';
import { places } from './names';
import type { PhoneNumber } from './numbers';
import { Organization } from './organization';

/** Fixed times, so that the organization is the same whatever today's date is. */
const foundedAt = Date.UTC(2025, 0, 6, 8);
const settledAt = Date.UTC(2026, 0, 5, 8);

/** Generates an organization of this size; the same seed and size give the same ids. */
export function generateOrganization(options: { users: number; seed: number }): Organization {
  const { users, seed } = options;
  const orgUuid = uuidFrom(seed, hashText('organization'));
  const domain = 'aspen.example';
  const sites = ['aspen.example.webex.com', 'aspen-emea.example.webex.com'] as const;
  const locationUuids = places.map((place) => uuidFrom(seed, hashText(place.name)));
  const teamsPerDepartment = Math.max(1, Math.ceil(users / 25_000));
  const people = new PeopleGenerator({
    seed,
    count: users,
    orgUuid,
    domain,
    teamsPerDepartment,
    locationUuids,
    createdAt: foundedAt,
  });
  const organization = new Organization(orgUuid, 'Aspen', foundedAt, false, people, () =>
    numbersOf(people),
  );
  const { catalog } = organization;
  const index = addGeneratedLicenses({ catalog, seed, orgUuid, users, sites });
  for (let row = 0; row < users; row += 1) {
    const { licenses, attendeeSites } = holdingsOf(people, row, index, sites);
    const holding = catalog.intern(licenses, attendeeSites).key;
    organization.people.append(
      { holding, fields: null, exists: true, modifiedAt: settledAt },
      null,
    );
  }
  places.forEach((place, at) => {
    const uuid = locationUuids[at] ?? '';
    organization.locations.push({
      uuid,
      body: {
        id: encodeId('LOCATION', uuid),
        name: place.name,
        orgId: organization.orgId,
        timeZone: place.timeZone,
        preferredLanguage: 'en_US',
        address: {
          address1: `${at + 1} Main Street`,
          city: place.city,
          country: place.country,
          postalCode: `1000${at}`,
        },
      },
    });
  });
  addGeneratedGroups({ organization, people, seed, teamsPerDepartment, at: settledAt });
  return organization;
}

/** Phone numbers of locations that are in the directory but assigned to nobody yet. */
function* numbersOf(people: PeopleGenerator): Generator<PhoneNumber> {
  for (let row = 0; row < people.count; row += 1) {
    const { kind, workNumber } = people.profile(row);
    const locationUuid = workNumber?.locationUuid ?? null;
    if (kind !== 'person' || workNumber === null || locationUuid === null) continue;
    yield { number: workNumber.value, locationUuid, ownerId: null };
  }
}

type Chance = (salt: number, limit: number) => boolean;

/** What a generated user holds. The small chances produce the difficult cases for templates. */
function holdingsOf(
  people: PeopleGenerator,
  row: number,
  index: Record<LicenseKey, number>,
  sites: readonly [string, string],
): { licenses: number[]; attendeeSites: string[] } {
  const { kind, location, agent } = people.profile(row);
  if (kind === 'bot') return { licenses: [], attendeeSites: [] };
  const below: Chance = (salt, limit) => people.chance(row, salt) < limit;
  const meetings = meetingsOf(row === 0, below, sites);
  const keys: LicenseKey[] = ['FSS', 'FTC', ...messagingOf(row === 0, below), ...meetings.keys];
  if (below(28, 0.02)) keys.push('RTT');
  if (location !== null) keys.push('BCSTD');
  if (agent !== null) keys.push(agent === 'premium' ? 'CJPPRM' : 'CJPSTD');
  if (row === 3 || below(29, 0.002)) keys.push('WAM');
  return { licenses: keys.map((key) => index[key]), attendeeSites: meetings.attendeeSites };
}

/** The administrator has messaging, as nearly everybody does; some have the paid licenses. */
function messagingOf(isAdministrator: boolean, below: Chance): LicenseKey[] {
  if (!isAdministrator && below(20, 0.01)) return [];
  const keys: LicenseKey[] = ['FMS', 'FTM'];
  if (isAdministrator || below(21, 0.4)) keys.push(below(22, 0.7) ? 'MS1' : 'MS2');
  if (below(23, 0.06)) keys.push('CF');
  return keys;
}

/** Host, attendee or nothing on each site. */
function meetingsOf(
  isAdministrator: boolean,
  below: Chance,
  sites: readonly [string, string],
): { keys: LicenseKey[]; attendeeSites: string[] } {
  const keys: LicenseKey[] = [];
  const attendeeSites: string[] = [];
  if (isAdministrator || below(24, 0.2)) keys.push('EE1');
  else if (below(25, 0.25)) attendeeSites.push(sites[0]);
  if (below(26, 0.08)) keys.push('EE2');
  else if (below(27, 0.1)) attendeeSites.push(sites[1]);
  return { keys, attendeeSites };
}
