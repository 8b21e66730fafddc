import type { Outcome } from '../../domain/model/outcome';
import { isFinal, type Action } from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { readPace, type StoredPace } from '../write/pace';
import { readWaits } from './progress/wait-facts';
import type { StoredWaits } from './progress/wait-text';
import { countVerdicts, listFeedback, type FeedbackRow, type Verdict } from './feedback';
import { listAskedActions } from './pending-actions';
import { findSuccessor, succeeded, takesUpFrom } from './replan';
import { countOutcomes, findWritingBeside, type RolloutRow } from './rollouts';
import { countLeft } from './taken-rows';

const feedbackShown = 5;

/** A rollout and everything that decides what can be done with it now. */
export interface RolloutState {
  row: RolloutRow;
  /** Outcomes without users are absent. */
  counts: Partial<Record<Outcome, number>>;
  /** Users whom `replan` would take up (R102); null: everybody, for nobody was ever planned. */
  left: number | null;
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
      readLeft(db, row),
      findSuccessor(db, isFinal(row.phase) ? succeeded(row) : rolloutId),
      findWritingBeside(db, row),
      countVerdicts(db, rolloutId),
      listFeedback(db, { rolloutId, before: null, limit: feedbackShown }),
      readPace(db, orgId),
      readWaits(db, row),
      listAskedActions(db, rolloutId),
    ]);
  return { row, counts, ...left, successor, writing, verdicts, latestFeedback, pace, waits, asked };
}

/** A rollout that never had a plan leaves everybody, or everybody whom it was to take up. */
async function readLeft(
  db: Queryable,
  row: RolloutRow,
): Promise<Pick<RolloutState, 'left' | 'retryable'>> {
  if (row.plannedAt !== null) return countLeft(db, row.rolloutId);
  const from = await takesUpFrom(db, row);
  return { left: from === null ? null : (await countLeft(db, from)).left, retryable: 0 };
}
