import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { Counts, PhaseMove } from '../../contract/activities';

/** An activity's business failure as itself, so that an update answers with its type and details. */
export async function unwrapped(
  record: (move: PhaseMove) => Promise<{ counts: Counts }>,
  move: PhaseMove,
): Promise<{ counts: Counts }> {
  try {
    return await record(move);
  } catch (error) {
    if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) {
      throw error.cause;
    }
    throw error;
  }
}
