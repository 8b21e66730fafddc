import type { Effect } from '../organization/effect';
import type { Organization } from '../organization/organization';
import type { PersonFields, UserState } from '../organization/population';
import type { Call } from '../server/route';

/** The effect that sets this user's state from now on, with the propagation delay. */
export function userEffect(
  call: Pick<Call, 'simulator' | 'now'>,
  personId: string,
  state: {
    licenses: readonly number[];
    attendeeSites: readonly string[];
    fields: PersonFields | null;
    exists: boolean;
  },
): Effect {
  const { simulator, now } = call;
  const visibleAt = simulator.propagation.visibleAt(personId, now);
  return { kind: 'user', personId, ...state, modifiedAt: now, visibleAt };
}

/** The effect of one membership, with the same delay as the user's own changes. */
export function memberEffect(
  call: Pick<Call, 'simulator' | 'now'>,
  groupUuid: string,
  member: Extract<Effect, { kind: 'member' }>['member'],
  operation: 'add' | 'remove',
): Effect {
  const { simulator, now } = call;
  const id = 'personId' in member ? member.personId : member.id;
  const visibleAt = simulator.propagation.visibleAt(id, now);
  return { kind: 'member', groupUuid, member, operation, at: now, visibleAt };
}

/** Whether these licenses and sites are what the user holds. */
export function isSameHolding(
  organization: Organization,
  state: UserState,
  licenses: Iterable<number>,
  attendeeSites: Iterable<string>,
): boolean {
  return organization.catalog.intern(licenses, attendeeSites).key === state.holding;
}
