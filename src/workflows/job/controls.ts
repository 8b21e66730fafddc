import { ApplicationFailure, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  abortUpdate,
  pauseUpdate,
  progressQuery,
  replanUpdate,
  reportSignal,
  resumeUpdate,
  setPaceUpdate,
  waitsSignal,
  type ActionInput,
  type ActionResult,
  type ReplanInput,
  type SetPaceInput,
} from '../../contract/messages';
import { isActionInput, isShardReport, isToldWaits } from '../../contract/well-formed';
import { steeringObstacle } from '../../domain/rollout/action-budget';
import { allowedActions, type Action } from '../../domain/rollout/rollout-phase';
import { setPace } from './activity-calls';
import type { Job } from './job';
import type { LockedJob, MoveDetails } from './locked-job';

const maxWritesPerSecond = 1_000;

/** What an action has besides what every action has, as text. */
const ownTexts: Partial<Record<Action, readonly string[]>> = {
  start: ['digest'],
  replan: ['requestId'],
};
const malformed = 'The message lacks what the API sends with this action. Use the API.';

type ActionHandler<Input> = [
  (input: Input) => Promise<ActionResult>,
  { validator: (input: Input) => void },
];

/** In what a rollout differs from a retry, which has no draft and no plan of its own. */
interface Steering {
  draftOnAbort?: () => Pick<MoveDetails, 'draft'>;
  replan?: (asked: ReplanInput, locked: LockedJob) => Promise<void>;
}

/** R102: the rollout ends, and another one takes up its draft and the users who are left. */
export async function handOver(
  { actor, reason, requestId }: ReplanInput,
  locked: LockedJob,
): Promise<void> {
  const why = `planned again as rollout ${requestId}`;
  const said = reason === '' ? why : `${why}: ${reason}`;
  await locked.end('aborted', { actor, reason: said, requestId });
}

/** The messages that every writing job answers, whether a rollout or a retry. */
export function handleControls(job: Job, { draftOnAbort, replan = handOver }: Steering = {}): void {
  setHandler(progressQuery, () => job.progress());
  // A handler that throws would block the workflow until somebody terminates it.
  setHandler(reportSignal, (report) => {
    if (isShardReport(report)) job.addReport(report);
  });
  setHandler(waitsSignal, (told) => {
    if (isToldWaits(told)) job.hearWaits(told);
  });

  setHandler(
    pauseUpdate,
    ...actionHandler(job, 'pause', ({ actor, reason }, locked) => locked.pause(actor, reason)),
  );

  setHandler(
    resumeUpdate,
    ...actionHandler(job, 'resume', ({ actor, reason }, locked) => locked.resume(actor, reason)),
  );

  setHandler(
    abortUpdate,
    ...actionHandler(job, 'abort', ({ actor, reason }, locked) =>
      locked.end('aborted', { actor, reason, ...draftOnAbort?.() }),
    ),
  );

  setHandler(replanUpdate, ...actionHandler<ReplanInput>(job, 'replan', replan));

  setHandler(
    setPaceUpdate,
    ...actionHandler(
      job,
      'set-pace',
      ({ actor, writesPerSecond }: SetPaceInput) => setPace({ ...job.ref, writesPerSecond, actor }),
      ({ writesPerSecond }) => expectPace(writesPerSecond),
    ),
  );
}

/**
 * Handler and validator of an update. The validator refuses what isn't possible, without a trace in
 * the history. The handler waits until the move under way has ended, judges again, and acts.
 */
export function actionHandler<Input extends ActionInput = ActionInput>(
  job: Job,
  action: Action,
  work: (input: Input, locked: LockedJob) => Promise<void>,
  check: (input: Input) => void = () => undefined,
): ActionHandler<Input> {
  return [
    (input) => {
      job.countAction();
      return job.withMoveLock(async (locked) => {
        expectAllowed(job, action, input);
        await work(input, locked);
        return job.result();
      });
    },
    {
      validator(input) {
        if (!isActionInput(input, ownTexts[action])) throw notAllowed(job, malformed);
        // The caller may have read a move in the database before it is applied here.
        const isOneAhead = input.expectedPhaseVersion === job.state.version + 1;
        if (!(job.isMoving && isOneAhead)) expectAllowed(job, action, input);
        expectRoom(job, action);
        check(input);
      },
    },
  ];
}

/** Refuses an action that was meant for an earlier phase, or that isn't possible in this one. */
function expectAllowed(job: Job, action: Action, input: ActionInput): void {
  const { phase, version, paused } = job.state;
  if (input.expectedPhaseVersion !== version) {
    throw ApplicationFailure.create({
      type: 'ActionTooLate',
      message: `The rollout has moved on: you saw version ${input.expectedPhaseVersion}, it is now at ${version} (${phase}).`,
      nonRetryable: true,
      details: [{ phase, phaseVersion: version }],
    });
  }
  const verdict = allowedActions({ phase, paused })[action];
  if (verdict.allowed) return;
  throw notAllowed(job, verdict.why);
}

/** Refuses, before it is in the history, an action for which the workflow has no room left. */
function expectRoom(job: Job, action: Action): void {
  const { phase, actions } = job.state;
  const events = workflowInfo().historyLength;
  const steered = { actions, planEvents: job.planEvents, events };
  const why = steeringObstacle(steered, { action, phase });
  if (why !== null) throw notAllowed(job, why);
}

function notAllowed(job: Job, message: string): ApplicationFailure {
  const { phase, paused } = job.state;
  const verdicts = Object.entries(allowedActions({ phase, paused }));
  const allowed = verdicts.flatMap(([name, verdict]) => (verdict.allowed ? [name] : []));
  return ApplicationFailure.create({
    type: 'ActionNotAllowed',
    message,
    nonRetryable: true,
    details: [{ phase, allowed, workflowId: workflowInfo().workflowId }],
  });
}

function expectPace(writesPerSecond: number): void {
  const isNumber = typeof writesPerSecond === 'number';
  if (isNumber && writesPerSecond > 0 && writesPerSecond <= maxWritesPerSecond) return;
  throw ApplicationFailure.create({
    type: 'PaceInvalid',
    message: `writesPerSecond must be above 0 and at most ${maxWritesPerSecond}`,
    nonRetryable: true,
  });
}
