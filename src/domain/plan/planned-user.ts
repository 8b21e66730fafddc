/** The decision about one user as it is stored, and what became of it. */
import type { Change, Holdings, Note } from '../model/model';

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
  'withheld',
  'reverted',
] as const;

export type Outcome = (typeof outcomes)[number];

/** What a user still waits for after their write: nothing, a unit (R46), or the host license (R36). */
export type Pending = 'seat' | 'host' | null;

/** The decision about one user, complete: what will be written, and why everything else will not. */
export interface PlannedUser {
  /** 1-based order of service, dense over the rollout. */
  seq: number;
  personId: string;
  email: string;
  displayName: string;
  /** 0 is the pilot; null where nothing will be written. */
  wave: number | null;
  /** Within a wave, step n+1 is written after step n, because it may need units that n frees (R46). */
  step: number | null;
  before: Holdings;
  /** Exactly what one write call will carry; empty where nothing will be written. */
  changes: Change[];
  /** `=`: what stays, and why. */
  kept: Note[];
  /** `!`: what can't be done, and why. */
  blocked: Note[];
  /** Additions without a unit, and the removals that wait with them (R46). */
  withheld: Change[];
  /** What the user holds once the changes have arrived. */
  expected: Holdings;
  pending: Pending;
  /** `planned`, or where there is no write: `unchanged`, `waiting-for-seat`, `host-pending`, `blocked`. */
  outcome: Extract<
    Outcome,
    'planned' | 'unchanged' | 'waiting-for-seat' | 'host-pending' | 'blocked'
  >;
}
