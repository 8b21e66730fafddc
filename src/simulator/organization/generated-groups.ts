import { encodeId } from './ids';
import { hashText, uuidFrom } from './random';
import type { PeopleGenerator } from './generated-people';
import type { Member } from './groups';
import { departments } from './names';
import type { Location, Organization } from './organization';

/**
 * Adds department teams, cross-cutting groups, three groups with the same name, an empty one, and one
 * group per location with its callers and machines.
 */
export function addGeneratedGroups(options: {
  organization: Organization;
  people: PeopleGenerator;
  seed: number;
  teamsPerDepartment: number;
  at: number;
}): void {
  const { organization, people, seed, teamsPerDepartment } = options;
  const make = (key: string, displayName: string, source: string, uuid?: string): Member[] => {
    const members: Member[] = [];
    const groupUuid = uuid ?? uuidFrom(seed, hashText(`group ${key}`));
    organization.groups.add({
      id: organization.groupId(groupUuid),
      uuid: groupUuid,
      displayName,
      createdAt: options.at,
      modifiedAt: options.at,
      members,
      usage: uuid === undefined ? 'user' : 'location',
      provisionSource: source,
      fields: {},
    });
    return members;
  };
  const teams = departments.map((department, d) =>
    Array.from({ length: teamsPerDepartment }, (_, team) => {
      const name = teamsPerDepartment === 1 ? department : `${department} ${team + 1}`;
      return make(`team ${d} ${team}`, name, d % 3 === 1 ? 'AD' : 'API');
    }),
  );
  const cross = [
    { members: make('hosts', 'Meeting hosts', 'CONTROL_HUB'), salt: 30, share: 0.12 },
    { members: make('managers', 'Managers', 'AD'), salt: 31, share: 0.08 },
    { members: make('volunteers', 'Early volunteers', 'CONTROL_HUB'), salt: 32, share: 0.02 },
    ...[0, 1, 2].map((at) => ({
      members: make(`project ${at}`, 'Project team', 'CONTROL_HUB'),
      salt: 33 + at,
      share: Math.min(0.02, 40 / Math.max(1, people.count)),
    })),
  ];
  make('empty', 'Former contractors', 'CONTROL_HUB');
  const sites = organization.locations.map((location) => {
    const members = make('', String(location.body.name), 'CONTROL_HUB', location.uuid);
    members.push(...machinesOf(location, seed));
    return members;
  });
  for (let row = 0; row < people.count; row += 1) {
    const { kind, department, team, location } = people.profile(row);
    if (kind === 'bot') continue;
    if (row === 0 || people.chance(row, 40) > 0.03) teams[department]?.[team]?.push(row);
    for (const group of cross) {
      if (people.chance(row, group.salt) < group.share) group.members.push(row);
    }
    if (location !== null) sites[location]?.push(row);
  }
}

function machinesOf({ uuid, body }: Location, seed: number): Member[] {
  return [1, 2].map((machine) => ({
    id: encodeId('PLACE', uuidFrom(seed, hashText(`machine ${uuid} ${machine}`))),
    type: 'machine',
    displayName: `${String(body.name)} room ${machine}`,
  }));
}
