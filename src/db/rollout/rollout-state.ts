import type { Outcome } from '../../domain/model/outcome';
import type { Action } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { readPace, type StoredPace } from '../write/pace';
import { readWaits } from './progress/wait-facts';
import type { StoredWaits } from './progress/wait-text';
import { countVerdicts, listFeedback, type FeedbackRow, type Verdict } from './feedback';
import { listAskedActions } from './pending-actions';
import { findSuccessor } from './replan';
import { countOutcomes, findWritingRollout, type RolloutRow } from './rollouts';
import { countLeft } from './taken-rows';

const feedbackShown = 5;

/** A rollout and everything that decides what can be done with it now. */
export interface RolloutState {
  row: RolloutRow;
  /** Outcomes without users are absent. */
  counts: Partial<Record<Outcome, number>>;
  /** Users whom `replan` would take up (R102). */
  left: number;
  /** Users whom `retry-failed` would write again: they failed, and no other rollout has taken them up. */
  retryable: number;
  /** The rollout that has taken up what this one left, and hasn't ended (R102). */
  successor: RolloutRow | undefined;
  /** The rollout that writes in this organization, which can be this one (R25). */
  writing: RolloutRow | undefined;
  verdicts: Record<Verdict, number>;
  /** The newest first. */
  latestFeedback: FeedbackRow[];
  /** Undefined where the pace was never changed. */
  pace: StoredPace | undefined;
  waits: StoredWaits;
  /** Actions that were accepted, and that no workflow has taken yet, oldest first. */
  asked: Action[];
}

export async function readRolloutState(db: Queryable, row: RolloutRow): Promise<RolloutState> {
  const { orgId, rolloutId } = row;
  const [counts, left, successor, writing, verdicts, latestFeedback, pace, waits, asked] =
    await Promise.all([
      countOutcomes(db, rolloutId),
      countLeft(db, rolloutId),
      findSuccessor(db, rolloutId),
      findWritingRollout(db, orgId),
      countVerdicts(db, rolloutId),
      listFeedback(db, { rolloutId, before: null, limit: feedbackShown }),
      readPace(db, orgId),
      readWaits(db, row),
      listAskedActions(db, rolloutId),
    ]);
  return { row, counts, ...left, successor, writing, verdicts, latestFeedback, pace, waits, asked };
}
