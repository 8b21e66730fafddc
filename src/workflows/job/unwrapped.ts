import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { PhaseMove } from '../../contract/activities';
import type { OutcomeCounts } from '../../domain/model/outcome';

/** An activity's business failure as itself, so that an update answers with its type and details. */
export async function unwrapped(
  record: (move: PhaseMove) => Promise<{ counts: OutcomeCounts }>,
  move: PhaseMove,
): Promise<{ counts: OutcomeCounts }> {
  try {
    return await record(move);
  } catch (error) {
    if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) {
      throw error.cause;
    }
    throw error;
  }
}
