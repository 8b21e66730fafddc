import {
  orgUuidOf,
  regionOf,
  regionOfUsual,
  toWebexId,
  uuidOf,
  withRegion,
} from '../../domain/model/webex-id';

type Kind = 'person' | 'group' | 'license';

/** One id of each kind as it is stored; null: none is stored yet. */
export type StoredIds = Record<Kind, string | null>;

/**
 * Brings ids into the form in which they are stored. Webex writes the same id in several ways: with the
 * name of another region, as a bare UUID, with padding, in capitals. Two forms of one person would be two people, of
 * whom one has left. The region is that of the stored ids, or of the first id that is seen.
 */
export class IdForms {
  private readonly regions: Record<Kind, string | undefined> = {
    person: undefined,
    group: undefined,
    license: undefined,
  };
  private orgUuid: string | null = null;

  /** What is stored, once it is known; ids that were seen before keep their form. */
  learn(orgUuid: string | null, stored: StoredIds): void {
    this.orgUuid = orgUuid;
    for (const kind of ['person', 'group', 'license'] as const) {
      const id = stored[kind];
      if (id !== null) this.regions[kind] = regionOf(id) ?? this.regions[kind];
    }
  }

  person(id: string): string {
    return this.form('person', canonicalId(id));
  }

  license(id: string): string {
    return this.form('license', canonicalId(id));
  }

  /** `orgUuid`: of a group of the same organization, for ids that don't carry it. */
  group(id: string, orgUuid = orgUuidOf(id) ?? this.orgUuid): string {
    this.orgUuid ??= orgUuid;
    return this.form('group', canonicalId(id), orgUuid);
  }

  private form(kind: Kind, id: string, orgUuid: string | null = this.orgUuid): string {
    const usual = regionOfUsual(id);
    const region = usual ?? regionOf(id);
    if (region !== undefined) this.regions[kind] ??= region;
    if (usual !== undefined && usual === this.regions[kind]) return id;
    if (kind === 'group' && orgUuid === null) return id;
    const whole = toWebexId(kind, id, orgUuid ?? '');
    return whole === undefined ? id : withRegion(whole, this.regions[kind]);
  }
}

/** An id without the padding that some services add. */
export function canonicalId(id: string): string {
  return id.endsWith('=') ? id.replace(/=+$/, '') : id;
}

/** What makes two ids the same, in any form: for telling apart and counting. */
export function idKey(id: string): string {
  return uuidOf(id) ?? canonicalId(id);
}
