import { encodeId, isUuid } from './ids';
import type { Group, OtherMember } from './groups';
import type { PhoneNumber } from './numbers';
import type { Organization } from './organization';
import type { PersonFields } from './population';

/** A change of the organization's true state. The journal keeps effects, so they hold only data. */
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

/** Applies one effect to the organization. */
export function applyEffect(organization: Organization, effect: Effect): void {
  const { groups, catalog, numbers } = organization;
  switch (effect.kind) {
    case 'user':
      applyUser(organization, effect);
      return;
    case 'group':
      applyGroup(organization, effect);
      return;
    case 'group-removed':
      groups.remove(effect.uuid);
      return;
    case 'member':
      applyMember(organization, effect);
      return;
    case 'number':
      numbers.set(effect.number.number, effect.number);
      return;
    case 'number-removed':
      numbers.set(effect.number, null);
      return;
    case 'units':
      catalog.at(effect.licenseIndex).totalUnits = effect.totalUnits;
      return;
  }
}

type EffectOf<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>;

function applyGroup({ groups }: Organization, { group }: EffectOf<'group'>): void {
  const known = groups.all.get(group.uuid);
  if (known) Object.assign(known, group);
  else groups.add({ ...group, members: [] });
}

function applyMember({ people, groups }: Organization, effect: EffectOf<'member'>): void {
  const group = groups.all.get(effect.groupUuid);
  if (!group) return;
  const member = 'personId' in effect.member ? people.rowOf(effect.member.personId) : effect.member;
  if (member === undefined) return;
  if (groups.setMember(group, member, effect.operation, effect.visibleAt)) {
    group.modifiedAt = effect.at;
  }
}

function applyUser(organization: Organization, effect: EffectOf<'user'>): void {
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
