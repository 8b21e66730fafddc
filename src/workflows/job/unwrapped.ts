import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/** An activity's business failure as itself, so that an update answers with its type and details. */
export async function unwrapped<Input, Output>(
  record: (input: Input) => Promise<Output>,
  input: Input,
): Promise<Output> {
  try {
    return await record(input);
  } catch (error) {
    if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) {
      throw error.cause;
    }
    throw error;
  }
}

/** One line if a move was refused because the plan has aged (R101); undefined for anything else. */
export function stalenessIn(error: unknown): string | undefined {
  return error instanceof ApplicationFailure && error.type === 'PlanStale'
    ? error.message
    : undefined;
}
