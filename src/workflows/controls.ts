import { ApplicationFailure, setHandler } from '@temporalio/workflow';
import { allowedActions, type Action } from '../domain/rollout-phase';
import { notAllowed, type Job } from './job';
import {
  abortUpdate,
  pauseUpdate,
  progressQuery,
  reportSignal,
  resumeUpdate,
  setPaceUpdate,
  type ActionInput,
} from './messages';
import { setPace } from './steps';

/**
 * Refuses an action that was meant for an earlier phase, or that makes no sense in this one.
 * Runs as an update's validator: what it refuses leaves no trace in the history.
 */
export function expectAllowed(job: Job, action: Action, input: ActionInput): void {
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
    async ({ actor, reason }) => {
      await job.pause(actor, reason);
      return job.result();
    },
    { validator: (input) => expectAllowed(job, 'pause', input) },
  );

  setHandler(
    resumeUpdate,
    async ({ actor, reason }) => {
      await job.resume(actor, reason);
      return job.result();
    },
    { validator: (input) => expectAllowed(job, 'resume', input) },
  );

  setHandler(
    abortUpdate,
    async ({ actor, reason }) => {
      await job.end('aborted', reason, { actor, draft: onAbort.draft() });
      return job.result();
    },
    { validator: (input) => expectAllowed(job, 'abort', input) },
  );

  setHandler(
    setPaceUpdate,
    async ({ actor, writesPerSecond }) => {
      await setPace({ orgId: job.orgId, rolloutId: job.rolloutId, writesPerSecond, actor });
      return job.result();
    },
    {
      validator: (input) => {
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
