import type { Decision } from '../../decide/decision';
import type { Holdings } from '../../model/user';

/** Number of a decision that is kept between the passes. */
export type DecisionNumber = number & { readonly numbers?: 'decisions' };

/** A decision that is the same for many users, and what these users hold. */
export interface KeptDecision {
  decision: Decision;
  before: Holdings;
}

/** Decisions of the first pass, so that the second needn't make them again. */
export interface KeptDecisions {
  /** Null: there are too many to keep them all. */
  numberOf(decision: Decision, before: Holdings): DecisionNumber | null;
  decisions: readonly KeptDecision[];
}

/** An organization in which each user is different must not be kept as a whole. */
const mostKept = 10_000;

export function createKeptDecisions(most = mostKept): KeptDecisions {
  const decisions: KeptDecision[] = [];
  const numbers = new WeakMap<Decision, DecisionNumber>();
  return {
    numberOf(decision, before) {
      const known = numbers.get(decision);
      if (known !== undefined) return known;
      if (decisions.length >= most) return null;
      numbers.set(decision, decisions.length);
      return decisions.push({ decision, before }) - 1;
    },
    decisions,
  };
}
