import { encodeId } from './ids';
import { fraction, hashText, scramble, unscramble, uuidFrom } from './random';
import { departments, firstNames, lastNames } from './names';
import type { GeneratedPeople, PersonFields } from './population';

/** What decides a generated person's licenses and groups. */
export interface Profile {
  kind: 'person' | 'bot';
  department: number;
  /** Index of the department's team. */
  team: number;
  /** Location of a Calling user, else null. */
  location: number | null;
  agent: 'premium' | 'standard' | null;
  /** Work phone as the directory has it; null for many, and good, unprovisioned or no E.164 for others. */
  workNumber: { value: string; locationUuid: string | null } | null;
}

export interface PeopleGenerator extends GeneratedPeople {
  profile(row: number): Profile;
  chance(row: number, salt: number): number;
}

const day = 86_400_000;

/** People of the organization of this seed; each is a function of its row. */
export function createGeneratedPeople(options: {
  seed: number;
  count: number;
  orgUuid: string;
  domain: string;
  teamsPerDepartment: number;
  locationUuids: readonly string[];
  createdAt: number;
}): PeopleGenerator {
  const { seed, count, domain, teamsPerDepartment, locationUuids } = options;
  const orgId = encodeId('ORGANIZATION', options.orgUuid);
  const uuidSeed = scramble(seed ^ hashText('people'));
  const chance = (row: number, salt: number): number => fraction(seed, row, salt);
  const pick = (row: number, salt: number, length: number): number =>
    Math.floor(chance(row, salt) * length);
  const uuid = (row: number): string => uuidFrom(uuidSeed, scramble(row ^ uuidSeed));
  const first = (row: number): string => firstNames[pick(row, 1, firstNames.length)] ?? '';
  const last = (row: number): string => lastNames[pick(row, 2, lastNames.length)] ?? '';
  const email = (row: number): string => `${first(row)}.${last(row)}${row}@${domain}`.toLowerCase();

  /** +999 belongs to no country. */
  const workNumber = (row: number): Profile['workNumber'] => {
    const draw = chance(row, 60);
    const digits = String(20_000_000 + row);
    if (draw < 0.6) {
      const locationUuid = locationUuids[pick(row, 61, locationUuids.length)] ?? null;
      return { value: `+999${digits}`, locationUuid };
    }
    if (draw < 0.7) return { value: `+999${digits}`, locationUuid: null };
    return draw < 0.8 ? { value: `0${digits}`, locationUuid: null } : null;
  };

  const profile = (row: number): Profile => {
    const department = pick(row, 3, departments.length);
    const support = departments[department] === 'Support';
    const draw = chance(row, 5);
    const calling = chance(row, 6) < 0.1;
    return {
      kind: count >= 50 && row % 500 === 49 ? 'bot' : 'person',
      department,
      team: pick(row, 4, teamsPerDepartment),
      location: calling ? pick(row, 7, locationUuids.length) : null,
      workNumber: calling ? null : workNumber(row),
      agent: support && draw < 0.25 ? 'premium' : support && draw < 0.6 ? 'standard' : null,
    };
  };

  const fields = (row: number): PersonFields => {
    const { kind, department, location, workNumber } = profile(row);
    const created = options.createdAt + pick(row, 8, 300) * day;
    const sign = chance(row, 9);
    const pending = row > 0 && sign < 0.08;
    const isCaller = kind === 'person' && location !== null;
    return {
      emails: [email(row)],
      ...(isCaller
        ? {
            phoneNumbers: [{ type: 'work_extension', value: `8${row + 1000}`, primary: true }],
            extension: String(row + 1000),
            locationId: encodeId('LOCATION', locationUuids[location] ?? ''),
          }
        : {}),
      ...(kind === 'person' && workNumber !== null
        ? { phoneNumbers: [{ type: 'work', value: workNumber.value, primary: true }] }
        : {}),
      displayName: kind === 'bot' ? `${first(row)} bot` : `${first(row)} ${last(row)}`,
      firstName: first(row),
      lastName: last(row),
      orgId,
      ...(row === 0 ? { roles: [encodeId('ROLE', 'id_full_admin')] } : {}),
      department: departments[department],
      created: new Date(created).toISOString(),
      status: pending ? 'pending' : sign < 0.3 ? 'unknown' : sign < 0.6 ? 'inactive' : 'active',
      invitePending: pending,
      loginEnabled: row === 0 || chance(row, 10) > 0.01,
      type: kind,
    };
  };

  return {
    count,
    uuid,
    email,
    fields,
    profile,
    chance,
    rowOfUuid: (text) => {
      const row = (unscramble(Number.parseInt(text.slice(0, 8), 16)) ^ uuidSeed) >>> 0;
      return row < count && uuid(row) === text ? row : undefined;
    },
    rowOfEmail: (text) => {
      const row = Number(/(\d+)@/.exec(text)?.[1] ?? Number.NaN);
      return row < count && email(row) === text ? row : undefined;
    },
  };
}
