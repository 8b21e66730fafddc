import { encodeId } from './ids';
import { fraction, hashText, scramble, unscramble, uuidFrom } from './random';
import { departments, firstNames, lastNames } from './names';
import type { GeneratedPeople, PersonFields } from './population';

/** The facts that determine a generated person's licenses and groups. */
export interface Profile {
  kind: 'person' | 'bot';
  department: number;
  /** Index of the department's team. */
  team: number;
  /** Location of a Calling user, else null. */
  location: number | null;
  agent: 'premium' | 'standard' | null;
  /** Work phone in the directory; null for many. Some have no location or aren't E.164. */
  workNumber: { value: string; locationUuid: string | null } | null;
}

export interface GeneratedPeopleOptions {
  seed: number;
  count: number;
  orgUuid: string;
  domain: string;
  teamsPerDepartment: number;
  locationUuids: readonly string[];
  createdAt: number;
}

const dayMs = 86_400_000;

/** People of the organization of one seed; each is a function of its row, so none has to be stored. */
export class PeopleGenerator implements GeneratedPeople {
  readonly count: number;
  private readonly orgId: string;
  private readonly uuidSeed: number;

  constructor(private readonly options: GeneratedPeopleOptions) {
    this.count = options.count;
    this.orgId = encodeId('ORGANIZATION', options.orgUuid);
    this.uuidSeed = scramble(options.seed ^ hashText('people'));
  }

  /** A number from 0 to 1 that belongs to a row and a purpose. */
  chance(row: number, salt: number): number {
    return fraction(this.options.seed, row, salt);
  }

  uuid(row: number): string {
    return uuidFrom(this.uuidSeed, scramble(row ^ this.uuidSeed));
  }

  email(row: number): string {
    const [first, last] = this.names(row);
    return `${first}.${last}${row}@${this.options.domain}`.toLowerCase();
  }

  rowOfUuid(text: string): number | undefined {
    const row = (unscramble(Number.parseInt(text.slice(0, 8), 16)) ^ this.uuidSeed) >>> 0;
    return row < this.count && this.uuid(row) === text ? row : undefined;
  }

  rowOfEmail(text: string): number | undefined {
    const row = Number(/(\d+)@/.exec(text)?.[1] ?? Number.NaN);
    return row < this.count && this.email(row) === text ? row : undefined;
  }

  profile(row: number): Profile {
    const { teamsPerDepartment, locationUuids } = this.options;
    const department = this.pick(row, 3, departments.length);
    const isCaller = this.chance(row, 6) < 0.1;
    return {
      kind: this.count >= 50 && row % 500 === 49 ? 'bot' : 'person',
      department,
      team: this.pick(row, 4, teamsPerDepartment),
      location: isCaller ? this.pick(row, 7, locationUuids.length) : null,
      workNumber: isCaller ? null : this.workNumber(row),
      agent: departments[department] === 'Support' ? this.agent(row) : null,
    };
  }

  fields(row: number): PersonFields {
    const profile = this.profile(row);
    const { kind, department } = profile;
    const [first, last] = this.names(row);
    const created = this.options.createdAt + this.pick(row, 8, 300) * dayMs;
    return {
      emails: [this.email(row)],
      ...this.phoneFields(row, profile),
      displayName: kind === 'bot' ? `${first} bot` : `${first} ${last}`,
      firstName: first,
      lastName: last,
      orgId: this.orgId,
      ...(row === 0 ? { roles: [encodeId('ROLE', 'id_full_admin')] } : {}),
      department: departments[department],
      created: new Date(created).toISOString(),
      ...this.statusFields(row),
      loginEnabled: row === 0 || this.chance(row, 10) > 0.01,
      type: kind,
    };
  }

  private pick(row: number, salt: number, length: number): number {
    return Math.floor(this.chance(row, salt) * length);
  }

  private names(row: number): [first: string, last: string] {
    return [
      firstNames[this.pick(row, 1, firstNames.length)] ?? '',
      lastNames[this.pick(row, 2, lastNames.length)] ?? '',
    ];
  }

  private agent(row: number): Profile['agent'] {
    const draw = this.chance(row, 5);
    if (draw < 0.25) return 'premium';
    return draw < 0.6 ? 'standard' : null;
  }

  /** +999 belongs to no country. */
  private workNumber(row: number): Profile['workNumber'] {
    const { locationUuids } = this.options;
    const draw = this.chance(row, 60);
    const digits = String(20_000_000 + row);
    if (draw < 0.6) {
      const locationUuid = locationUuids[this.pick(row, 61, locationUuids.length)] ?? null;
      return { value: `+999${digits}`, locationUuid };
    }
    if (draw < 0.7) return { value: `+999${digits}`, locationUuid: null };
    return draw < 0.8 ? { value: `0${digits}`, locationUuid: null } : null;
  }

  private phoneFields(row: number, { kind, location, workNumber }: Profile): PersonFields {
    if (kind !== 'person') return {};
    if (location !== null) {
      return {
        phoneNumbers: [{ type: 'work_extension', value: `8${row + 1000}`, primary: true }],
        extension: String(row + 1000),
        locationId: encodeId('LOCATION', this.options.locationUuids[location] ?? ''),
      };
    }
    if (workNumber === null) return {};
    return { phoneNumbers: [{ type: 'work', value: workNumber.value, primary: true }] };
  }

  private statusFields(row: number): PersonFields {
    const draw = this.chance(row, 9);
    if (row > 0 && draw < 0.08) return { status: 'pending', invitePending: true };
    const status = draw < 0.3 ? 'unknown' : draw < 0.6 ? 'inactive' : 'active';
    return { status, invitePending: false };
  }
}
