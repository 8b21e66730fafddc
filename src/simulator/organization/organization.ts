import { encodeId, valueOfId } from './ids';
import { Catalog } from './catalog';
import { Groups, type Group } from './groups';
import { Numbers, type PhoneNumber } from './numbers';
import { Population, type GeneratedPeople } from './population';

export interface Location {
  uuid: string;
  /** The body as `GET /locations/{id}` shows it. */
  body: Record<string, unknown>;
}

/** One Webex tenant. Only `applyEffect` changes it once it is built. */
export class Organization {
  readonly catalog = new Catalog();
  readonly people: Population;
  readonly groups: Groups;
  readonly numbers: Numbers;
  readonly locations: Location[] = [];
  readonly orgId: string;

  constructor(
    readonly orgUuid: string,
    readonly displayName: string,
    readonly createdAt: number,
    /** Recorded people show what was recorded; generated ones show what the API documents. */
    readonly isRecorded: boolean,
    generated: GeneratedPeople | null,
    generatedNumbers: () => Iterable<PhoneNumber> = () => [],
  ) {
    this.orgId = encodeId('ORGANIZATION', orgUuid);
    this.people = new Population(this.catalog, generated);
    this.groups = new Groups(this.people);
    this.numbers = new Numbers(generatedNumbers);
  }

  personId(row: number): string {
    return this.people.id(row) ?? encodeId('PEOPLE', this.people.uuid(row));
  }

  group(id: string): Group | undefined {
    const value = valueOfId('SCIM_GROUP', id) ?? id;
    return this.groups.all.get(value.split(':')[0] ?? '');
  }

  groupId(uuid: string): string {
    return encodeId('SCIM_GROUP', `${uuid}:${this.orgUuid}`);
  }

  location(id: string): Location | undefined {
    const value = valueOfId('LOCATION', id) ?? id;
    return this.locations.find((one) => one.uuid === value);
  }

  /** Row of the user who owns the administrator's token: the first with a role, else the first. */
  administrator(): number {
    const { people } = this;
    for (let row = 0; row < people.size; row += 1) {
      const state = people.truth(row);
      const { roles } = people.fieldsOf(row, state);
      if (state.exists && Array.isArray(roles) && roles.length > 0) return row;
    }
    return 0;
  }
}
