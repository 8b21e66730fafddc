import type { Desired } from '../templates/compose-templates';
import { grantsHeld } from '../licenses/license-index';
import { reactionPolicy } from '../policies/reaction-policy';
import { isArrival, type Reaction } from '../watch/reaction';
import type { KnownUser } from './candidate';
import type { ChangeKind, DecideTools } from './change-kind';
import { plansWithTemplatesInForce } from './plans-with-templates-in-force';
import { isDoubtful } from './doubtful-memberships';
import { isSpared } from './vanished-groups';

/** Reacts to what the watch found: new users, memberships that changed, units that are free (R14–R29b, R46). */
export function reconcileKind(): ChangeKind {
  return {
    ...plansWithTemplatesInForce,
    title: () => 'New users and group changes',
    includesExistingUsers: true,
    namedGroups: [],
    needsProvenance: true,
    addsCalling: 'always',
    // A change that waited since a CSV import can add Calling although no template grants it. It is
    // planned with the Calling details of an earlier read: the checks of the watch stay small.
    ownGrants: [],
    readsMemberships: true,
    reach: () => ({ kind: 'reconcile' }),
    decide: (tools) => (candidate) => {
      if (candidate.from !== 'reconcile') return null;
      const { mode } = candidate.reaction;
      // Found while everything was removed that isn't desired: by now it is to be kept.
      const isKept = mode === 'exact' && tools.preservesOnTransition;
      const joined = grantedByJoinedGroups(candidate, candidate.reaction, tools);
      const policy = reactionPolicy({
        mode: isKept ? 'add' : mode,
        isSpared: isSpared(candidate, tools.vanishedGroups) || isDoubtful(candidate),
        desired: tools.desiredBy(candidate),
        desiredUnlessExplicit: tools.desiredBy({ ...candidate, isExplicit: false }),
        joined: joined ?? (isKept && !isArrival(candidate.reaction) ? nothingJoined : null),
        provenance: candidate.provenance,
        waiting: candidate.waiting,
        held: grantsHeld(tools.index, candidate.holdings),
        callingOffers: tools.callingOffers,
      });
      return tools.decideBy(policy, candidate);
    },
    warnings: () => [],
  };
}

/** R28: who only left groups keeps everything, and is added nothing. */
const nothingJoined: Desired = { entries: [], templates: [] };

/**
 * R27: what the groups that the user joined grant, without the template of the organization. Null where
 * no group was joined, and for users who have just arrived: all templates apply to them (R15).
 */
function grantedByJoinedGroups(
  user: KnownUser,
  { causes }: Reaction,
  { desiredBy }: Pick<DecideTools, 'desiredBy'>,
): Desired | null {
  if (isArrival({ causes })) return null;
  const joined = causes.flatMap((cause) => (cause.kind === 'joined' ? [cause.groupId] : []));
  if (joined.length === 0) return null;
  const groupIds = user.groupIds.filter((groupId) => joined.includes(groupId));
  return desiredBy({ groupIds, isExplicit: true });
}
