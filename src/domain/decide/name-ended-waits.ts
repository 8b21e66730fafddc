import type { Change } from '../model/change';
import { note, type Note } from '../model/note';
import { grantableOf, grantKey, targetKey } from '../model/target-key';
import type { Decision } from './decision';

export interface EndedWaitsInput {
  decision: Decision;
  /** What the user waits for since earlier rollouts. */
  waits: readonly Change[];
  /** The decision about the same user, holding what they wait for. */
  ifHeld: Decision;
}

/**
 * R107: a plan that would take what the user waits for refuses it, and one that grants what is to be
 * removed refuses the removal. The plan says so, and the user doesn't wait for it any more.
 */
export function nameEndedWaits({ decision, waits, ifHeld }: EndedWaitsInput): Decision {
  const lost = new Set(ifHeld.losses.map(({ target }) => grantKey(grantableOf(target))));
  const granted = new Set(
    decision.kept.flatMap(({ code, target }) =>
      code === 'right-already' && target.kind !== 'offer' ? [targetKey(target)] : [],
    ),
  );
  const named = new Map<string, Note>();
  for (const { operation, target } of waits) {
    const isRefused =
      operation === 'add'
        ? lost.has(grantKey(grantableOf(target)))
        : granted.has(targetKey(target));
    if (isRefused) named.set(`${operation} ${targetKey(target)}`, endOf(operation, target));
  }
  return named.size === 0 ? decision : { ...decision, kept: [...decision.kept, ...named.values()] };
}

function endOf(operation: Change['operation'], target: Change['target']): Note {
  const text =
    operation === 'add'
      ? 'the user waits for it since an earlier rollout; this plan ends that'
      : 'an earlier rollout was to remove it; this plan ends that';
  return note('wait-ends', text, 'R107', target);
}
