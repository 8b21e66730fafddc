import { preserved, templatePolicy, type Policy, type Treatment } from '../decide/policy';
import { isFreeOffer, isRemovableFree } from '../licenses/offers';
import { targetKey } from '../model/target-key';
import type { Change, ChangeTarget } from '../model/change';
import type { CallingOffers } from '../model/settings';
import type { Provenance } from '../model/user';
import type { Desired } from '../templates/compose-templates';
import { grantedReason, ungrantedReason } from '../templates/reasons';
import type { ReactionMode } from '../watch/reaction';
import { isPermanentLoss, needsAcknowledgement } from './calling-removal';
import { alsoWaiting, waitingPolicy } from './waiting-policy';

export interface ReactionInput {
  mode: ReactionMode;
  /** A group of this user has vanished (R33), or a membership is in doubt (R88): nothing is removed. */
  isSpared: boolean;
  desired: Desired;
  /** The same as if the user hadn't been created with a license (R20). */
  desiredUnlessExplicit: Desired;
  /** What the joined groups grant; null where no group was joined. */
  joined: Desired | null;
  provenance: Readonly<Record<string, Provenance>>;
  /** Changes that waited for a unit which is free now (R46). */
  waiting: readonly Change[];
  /** What the user holds now, as `grantKey` names it. */
  held: ReadonlySet<string>;
  callingOffers: CallingOffers;
}

/**
 * What happens automatically to one user:
 *
 * | found                       | added                  | removed                               |
 * |-----------------------------|------------------------|---------------------------------------|
 * | `waiting`: a unit is free   | what waited            | what waited (R46)                     |
 * | `add`, groups were joined   | what they grant        | nothing (R27, R28)                    |
 * | `add`                       | what templates grant   | nothing                               |
 * | `new`                       | what templates grant   | ungranted free licenses (R22)         |
 * | `exact`                     | what templates grant   | everything else (R29), never Calling  |
 *
 * A spared user loses nothing, and changes that waited are made in addition to all but `exact`.
 */
export function reactionPolicy(input: ReactionInput): Policy {
  const { mode, isSpared, desired, joined } = input;
  const waiting = isSpared ? additionsOf(input.waiting) : input.waiting;
  const resumed = { ...input, waiting };
  if (mode === 'waiting') return waitingPolicy(resumed);
  if (mode === 'add' && joined) return alsoWaiting(joinPolicy(joined), resumed);
  if (isSpared || mode === 'add') return alsoWaiting(templatePolicy(desired, true), resumed);
  return mode === 'exact' ? exactPolicy(input) : alsoWaiting(newUserPolicy(input), resumed);
}

function additionsOf(changes: readonly Change[]): Change[] {
  return changes.filter(({ operation }) => operation === 'add');
}

/**
 * R27: what the joined groups grant is added, and everything is kept (R28). Other templates were saved
 * without this user, or have reached them already: a join is no occasion to apply those (R23).
 */
function joinPolicy(joined: Desired): Policy {
  const text = 'held before the user joined the group';
  const kept: Treatment = { keep: { code: 'preserved', text, rule: 'R28' } };
  return { desired: joined, grant: grantedReason, ifNotDesired: () => kept };
}

/** R29: exactly the desired set. With an empty one the free licenses that are held are kept. */
function exactPolicy({ desired, callingOffers }: ReactionInput): Policy {
  const isEmpty = desired.entries.length === 0;
  const reason = ungrantedReason('not granted after a change of groups', 'R29', desired);
  const ifNotDesired = (target: ChangeTarget): Treatment => {
    if (isPermanentLoss(target, callingOffers)) return needsAcknowledgement;
    if (isEmpty && target.kind === 'license' && isFreeOffer(target.offer)) {
      const text = 'no template grants anything, so free licenses are kept';
      return { keep: { code: 'preserved', text, rule: 'R29' } };
    }
    return { take: reason };
  };
  return { desired, grant: grantedReason, ifNotDesired };
}

/**
 * R22: where a template applies, free licenses that Webex added and no template grants are removed. What
 * the organization template grants stays with explicit users, too, although it adds nothing to them.
 */
function newUserPolicy(input: ReactionInput): Policy {
  const { desired, desiredUnlessExplicit, provenance } = input;
  const reason = ungrantedReason(
    'Webex added it automatically, and no template grants it',
    'R22',
    desired,
  );
  const ifNotDesired = (target: ChangeTarget): Treatment => {
    const isImplicit = provenance[targetKey(target)]?.kind === 'implicit';
    const isRemovable = target.kind === 'license' && isRemovableFree(target.offer);
    const isGranted = desiredUnlessExplicit.entries.some(
      ({ kind, offer }) =>
        kind === 'license' && target.kind === 'license' && offer === target.offer,
    );
    const isTaken = desired.templates.length > 0 && isImplicit && isRemovable && !isGranted;
    return isTaken ? { take: reason } : preserved;
  };
  return { desired, grant: grantedReason, ifNotDesired };
}
