/** What happened to one user in a rollout. */
export const outcomes = [
  'planned',
  'unchanged',
  'applied',
  'converged',
  'partial',
  'waiting-for-seat',
  'host-pending',
  'blocked',
  'conflict',
  'gone',
  'failed',
  'unconverged',
  'superseded',
  'withheld',
  'excluded',
] as const;

export type Outcome = (typeof outcomes)[number];

/** Users of a rollout by outcome. */
export type OutcomeCounts = Partial<Record<Outcome, number>>;

/** What a user still waits for after their write: nothing, a unit (R46), or the host license (R36). */
export type Pending = 'unit' | 'host' | null;
