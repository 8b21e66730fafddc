import { decideServiceRemoval, templatesGivingBack } from '../decide/decide-service-removal';
import { counted } from '../model/text/wording';
import type { KnownUser } from './candidate';
import type { ChangeKind, ChangeOf } from './change-kind';
import { withoutLosses } from './doubtful-memberships';
import { plansWithTemplatesInForce } from './plans-with-templates-in-force';
import { nobody, type Reach } from './reach';

/** Turns messaging or calling off (R58, R59). */
export function removeServicesKind(change: ChangeOf<'remove-services'>): ChangeKind {
  const { services, from } = change;
  return {
    ...plansWithTemplatesInForce,
    title: () => `Turn off ${services.join(' and ')} for ${recipients(from)}`,
    includesExistingUsers: true,
    namedGroups: 'groups' in from ? from.groups : [],
    needsProvenance: false,
    addsCalling: 'never',
    ownGrants: [],
    readsMemberships: false,
    reach: (_, { existingUsers }) => (existingUsers ? reachOf(from) : nobody),
    decide:
      ({ index, callingOffers, desiredBy }) =>
      (user) => {
        const { holdings } = user;
        const decision = decideServiceRemoval({ services, holdings, index, callingOffers });
        const isKept = 'groups' in from && isOnlyDoubtful(from.groups, user);
        return {
          ...(isKept ? withoutLosses(decision) : decision),
          stillGrantedBy: templatesGivingBack(services, desiredBy(user)),
        };
      },
    warnings: ({ stillGranting }) =>
      stillGranting.map(({ name, users }) => ({
        code: 'gives-back',
        text: `Template "${name}" grants ${counted(users, 'user', 'users')} what this plan turns off, and would add it again.`,
        rule: 'R59a',
      })),
  };
}

/** R88: of the groups that the change names, the user belongs for certain to none. */
function isOnlyDoubtful(
  named: readonly string[],
  { groupIds, doubtfulGroupIds = [] }: KnownUser,
): boolean {
  return named
    .filter((groupId) => groupIds.includes(groupId))
    .every((groupId) => doubtfulGroupIds.includes(groupId));
}

function recipients(from: ChangeOf<'remove-services'>['from']): string {
  if ('organization' in from) return 'the whole organization';
  return 'groups' in from
    ? counted(from.groups.length, 'group')
    : counted(from.users.length, 'user');
}

function reachOf(from: ChangeOf<'remove-services'>['from']): Reach {
  if ('organization' in from) return { kind: 'everybody' };
  return 'groups' in from
    ? { kind: 'members', groupIds: from.groups, orGivenBy: null }
    : { kind: 'users', users: from.users };
}
