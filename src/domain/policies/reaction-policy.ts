import { targetKey } from '../model/target-key';
import type { Desired } from '../templates/compose-templates';
import type { Change, ChangeTarget } from '../model/change';
import type { Provenance } from '../model/user';
import type { CallingOffers } from '../model/settings';
import { isFreeOffer, isRemovableFree } from '../licenses/offers';
import { preserved, templatePolicy, type Policy, type Treatment } from '../decide/policy';
import type { ReactionMode } from '../watch/reaction';
import { grantedReason, ungrantedReason } from '../templates/reasons';
import { alsoWaiting, isCalling, needsAcknowledgement, waitingPolicy } from './waiting-policy';

export interface ReactionInput {
  mode: ReactionMode;
  /** A group of this user has vanished: nothing is taken (R33). */
  isSpared: boolean;
  desired: Desired;
  /** What the groups that were joined grant; null where none was. */
  joined: Desired | null;
  provenance: Readonly<Record<string, Provenance>>;
  /** What a rollout had withheld, where units are free for it now (R46). */
  withheld: readonly Change[];
  callingOffers: CallingOffers;
}

/** What happens by itself to one user: after a join, a move, a leave, for somebody new, or a free unit. */
export function reactionPolicy(input: ReactionInput): Policy {
  const { mode, isSpared, desired } = input;
  const withheld = isSpared ? additionsOf(input.withheld) : input.withheld;
  const resumed = { ...input, withheld };
  if (mode === 'waiting') return waitingPolicy(resumed);
  if (mode === 'add' && input.joined) return alsoWaiting(joinPolicy(input.joined), resumed);
  if (isSpared || mode === 'add') return alsoWaiting(templatePolicy(desired, true), resumed);
  return mode === 'exact' ? exactPolicy(input) : alsoWaiting(newUserPolicy(input), resumed);
}

function additionsOf(changes: readonly Change[]): Change[] {
  return changes.filter(({ operation }) => operation === 'add');
}

/**
 * R27: what the joined groups grant comes, and everything stays (R28). Other templates were saved
 * without this user, or have reached them already: a join is no occasion to apply those (R23).
 */
function joinPolicy(joined: Desired): Policy {
  const text = "held before the join: not of the group's";
  const verdict: Treatment = { keep: { code: 'preserved', text, rule: 'R28' } };
  return { desired: joined, grant: grantedReason, ifNotDesired: () => verdict };
}

/** R29: exactly the desired set. With an empty one the free licenses that are held stay. */
function exactPolicy({ desired, callingOffers }: ReactionInput): Policy {
  const isEmpty = desired.entries.length === 0;
  const reason = ungrantedReason('not granted after a change of groups', 'R29', desired);
  const ifNotDesired = (target: ChangeTarget): Treatment => {
    if (isCalling(target, callingOffers)) return needsAcknowledgement;
    if (isEmpty && target.kind === 'license' && isFreeOffer(target.offer)) {
      const text = 'no template grants anything: the free licenses stay';
      return { keep: { code: 'preserved', text, rule: 'R29' } };
    }
    return { take: reason };
  };
  return { desired, grant: grantedReason, ifNotDesired };
}

/** R22: where a template applies, the free licenses that came by themselves and aren't granted go. */
function newUserPolicy({ desired, provenance }: ReactionInput): Policy {
  const reason = ungrantedReason('came by itself, and no template grants it', 'R22', desired);
  const ifNotDesired = (target: ChangeTarget): Treatment => {
    const cameByItself = provenance[targetKey(target)]?.kind === 'implicit';
    const mayGo = target.kind === 'license' && isRemovableFree(target.offer);
    return desired.templates.length > 0 && cameByItself && mayGo ? { take: reason } : preserved;
  };
  return { desired, grant: grantedReason, ifNotDesired };
}
