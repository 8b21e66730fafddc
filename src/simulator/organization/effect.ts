import { encodeId, isUuid } from './ids';
import type { Group, OtherMember } from './groups';
import type { PhoneNumber } from './numbers';
import type { Organization } from './organization';
import type { PersonFields } from './population';

/** A change of the truth. Effects are what the journal keeps, so they hold data and nothing else. */
export type Effect =
  | {
      kind: 'user';
      personId: string;
      /** Catalog indices. */
      licenses: readonly number[];
      attendeeSites: readonly string[];
      /** Null: as generated. */
      fields: PersonFields | null;
      exists: boolean;
      modifiedAt: number;
      visibleAt: readonly number[] | null;
    }
  | { kind: 'group'; group: Omit<Group, 'members'> }
  | { kind: 'group-removed'; uuid: string }
  | {
      kind: 'member';
      groupUuid: string;
      member: { personId: string } | OtherMember;
      operation: 'add' | 'remove';
      at: number;
      visibleAt: readonly number[] | null;
    }
  | { kind: 'number'; number: PhoneNumber }
  | { kind: 'number-removed'; number: string }
  | { kind: 'units'; licenseIndex: number; totalUnits: number };

/** Carries one effect out. */
export function applyEffect(organization: Organization, effect: Effect): void {
  const { people, groups, catalog } = organization;
  switch (effect.kind) {
    case 'user':
      applyUser(organization, effect);
      return;
    case 'group': {
      const known = groups.all.get(effect.group.uuid);
      if (known) Object.assign(known, effect.group);
      else groups.add({ ...effect.group, members: [] });
      return;
    }
    case 'group-removed':
      groups.remove(effect.uuid);
      return;
    case 'member': {
      const group = groups.all.get(effect.groupUuid);
      if (!group) return;
      const member =
        'personId' in effect.member ? people.rowOf(effect.member.personId) : effect.member;
      if (member === undefined) return;
      if (groups.setMember(group, member, effect.operation, effect.visibleAt)) {
        group.modifiedAt = effect.at;
      }
      return;
    }
    case 'number':
      organization.numbers.set(effect.number.number, effect.number);
      return;
    case 'number-removed':
      organization.numbers.set(effect.number, null);
      return;
    case 'units':
      catalog.at(effect.licenseIndex).totalUnits = effect.totalUnits;
      return;
  }
}

function applyUser(organization: Organization, effect: Extract<Effect, { kind: 'user' }>): void {
  const { people, catalog } = organization;
  const nobody = { holding: 0, fields: null, exists: false, modifiedAt: effect.modifiedAt };
  const id = isUuid(effect.personId) ? encodeId('PEOPLE', effect.personId) : effect.personId;
  const row = people.rowOf(effect.personId) ?? people.append(nobody, id);
  const state = {
    holding: catalog.intern(effect.licenses, effect.attendeeSites).key,
    fields: effect.fields,
    exists: effect.exists,
    modifiedAt: effect.modifiedAt,
  };
  people.set(row, state, effect.visibleAt);
}
