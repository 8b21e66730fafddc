import type { LostMember } from '../../db/watch/deleted-groups';
import type { PersonFinding } from '../../db/watch/reactions';
import type { MemberChange } from '../../db/watch/watch-members';
import { reactToTransition } from '../../domain/watch/react-to-groups';

/** The reactions to joins, leaves, moves and deleted groups, per person (R26–R29). */
export function findTransitions(input: {
  changes: readonly MemberChange[];
  /** Members of groups that were deleted. */
  lost: readonly LostMember[];
  preserve: boolean;
}): PersonFinding[] {
  const { changes, lost, preserve } = input;
  const persons = new Map<string, ReturnType<typeof nothing>>();
  const of = (personId: string) => {
    const known = persons.get(personId) ?? nothing();
    persons.set(personId, known);
    return known;
  };
  for (const { change, groupId, personId, isUnreconciledNew } of changes) {
    const person = of(personId);
    person[change].push(groupId);
    person.isUnreconciledNew = isUnreconciledNew;
  }
  for (const { groupId, personId } of lost) of(personId).deleted.push(groupId);
  return [...persons].map(([personId, { isUnreconciledNew, ...transition }]) => ({
    personId,
    ...reactToTransition(transition, { preserve, isUnreconciledNew }),
  }));
}

function nothing() {
  return {
    joined: [] as string[],
    left: [] as string[],
    deleted: [] as string[],
    isUnreconciledNew: false,
  };
}
