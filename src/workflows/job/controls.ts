import { ApplicationFailure, setHandler, workflowInfo } from '@temporalio/workflow';
import { allowedActions, type Action, type Phase } from '../../domain/rollout/rollout-phase';
import type { Job } from './job';
import {
  abortUpdate,
  pauseUpdate,
  progressQuery,
  reportSignal,
  resumeUpdate,
  setPaceUpdate,
  type ActionInput,
  type ActionResult,
  type SetPaceInput,
} from '../../contract/messages';
import { setPace } from './activity-calls';

/**
 * Refuses an action that was meant for an earlier phase, or that makes no sense in this one.
 * Runs as an update's validator: what it refuses leaves no trace in the history. A caller can have
 * read a move in the database before it is believed here: `act` judges such an action after it.
 */
export function expectAllowed(job: Job, action: Action, input: ActionInput): void {
  if (job.isMoving && input.expectedPhaseVersion === job.version + 1) return;
  judge(job, action, input);
}

/** Carries an action out once the move that was under way has ended, if it still makes sense then. */
export async function act(
  job: Job,
  action: Action,
  input: ActionInput,
  work: () => Promise<void>,
): Promise<ActionResult> {
  return await job.exclusively(async () => {
    judge(job, action, input);
    await work();
    return job.result();
  });
}

function judge(job: Job, action: Action, input: ActionInput): void {
  if (input.expectedPhaseVersion !== job.version) {
    throw ApplicationFailure.create({
      type: 'ActionTooLate',
      message: `Meant for version ${input.expectedPhaseVersion} of this rollout, which is at ${job.version} (${job.phase})`,
      nonRetryable: true,
      details: [{ phase: job.phase, phaseVersion: job.version }],
    });
  }
  const all = allowedActions({ phase: job.phase, paused: job.paused });
  const verdict = all[action];
  if (verdict.allowed) return;
  const allowed = Object.entries(all).flatMap(([name, { allowed }]) => (allowed ? [name] : []));
  throw notAllowed(job.phase, verdict.why, allowed);
}

/** The messages that every writing job takes, whether a rollout or a retry. */
export function handleControls(job: Job, onAbort: { draft: () => 'dropped' | undefined }): void {
  setHandler(progressQuery, () => job.progress());
  setHandler(reportSignal, (report) => job.take(report));

  setHandler(
    pauseUpdate,
    (input: ActionInput) => act(job, 'pause', input, () => job.pause(input.actor, input.reason)),
    { validator: (input: ActionInput) => expectAllowed(job, 'pause', input) },
  );

  setHandler(
    resumeUpdate,
    (input: ActionInput) => act(job, 'resume', input, () => job.resume(input.actor, input.reason)),
    { validator: (input: ActionInput) => expectAllowed(job, 'resume', input) },
  );

  setHandler(
    abortUpdate,
    (input: ActionInput) =>
      act(job, 'abort', input, () =>
        job.end('aborted', input.reason, { actor: input.actor, draft: onAbort.draft() }),
      ),
    { validator: (input: ActionInput) => expectAllowed(job, 'abort', input) },
  );

  setHandler(
    setPaceUpdate,
    (input: SetPaceInput) => {
      const { actor, writesPerSecond } = input;
      const { orgId, rolloutId } = job;
      return act(job, 'set-pace', input, () =>
        setPace({ orgId, rolloutId, writesPerSecond, actor }),
      );
    },
    {
      validator: (input: SetPaceInput) => {
        expectAllowed(job, 'set-pace', input);
        if (input.writesPerSecond > 0 && input.writesPerSecond <= 1_000) return;
        throw ApplicationFailure.create({
          type: 'PaceInvalid',
          message: 'writesPerSecond must be above 0 and at most 1000',
          nonRetryable: true,
        });
      },
    },
  );
}

function notAllowed(phase: Phase, why: string, allowed: string[]): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'ActionNotAllowed',
    message: why,
    nonRetryable: true,
    details: [{ phase, allowed, workflowId: workflowInfo().workflowId }],
  });
}
