import type { Outcome } from '../model/outcome';

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
