import type { Outcome } from '../model/outcome';

/**
 * A plan that takes up users waits this long after the end of the first rollout for what is owed there
 * (R95). Then it leaves those users out: what keeps Webex from it may last.
 */
export const owedPatienceMinutes = 10;

/** Outcomes of users for whom a rollout has not done what was planned: `replan` takes them up (R102). */
export const leftOutcomes = [
  'conflict',
  'failed',
  'partial',
  'withheld',
  'waiting-for-seat',
  'host-pending',
  'unconverged',
] as const satisfies readonly Outcome[];
