import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../contract/activities';
import { controlSignal, waitsSignal, type ToldWaits } from '../contract/messages';
import { isToldWaits } from '../contract/well-formed';
import type { VerifyInput } from '../contract/workflows';
import { nextSweepDelayMs } from '../domain/write/convergence';
import { giveUp, sweep } from './job/activity-calls';
import { withWaits } from './job/show-job';
import { slidingWindow } from './job/sliding-window';

/** Repeated writes in flight at once. */
const windowSize = 20;

export interface VerifyResult {
  unconverged: number;
  sweeps: number;
}

/**
 * Sweeps the written users of some waves until all are seen as expected, or the deadline has passed
 * (R80: up to 24 h). Id: `<rollout id>/verify/<last wave>`, or `<rollout id>/verify/ended` after a rollout
 * that ended early (R99). Ends also when the rollout says stop; continues as new between two sweeps when
 * Temporal suggests it.
 */
export async function verifyPropagation(input: VerifyInput): Promise<VerifyResult> {
  const { orgId, rolloutId, waves, schedule, deadlineAtMs } = input;
  let sweepsDone = input.sweepsDone;
  let order: 'run' | 'stop' = 'run';
  const shown = new Shown(input);
  const control = () => order;

  const confirm = proxyActivities<Activities>({
    taskQueue: input.writeQueue,
    startToCloseTimeout: '10s',
    retry: { initialInterval: '1s', maximumInterval: '30s' },
    priority: { priorityKey: 4 },
  });

  // Sweeps only read, so a rollout on hold continues to verify.
  setHandler(controlSignal, (received) => {
    if (received === 'stop') order = 'stop';
  });

  setHandler(waitsSignal, (told) => {
    if (isToldWaits(told)) shown.hear(told);
  });
  shown.show();

  for (;;) {
    const delayMs = Math.min(
      nextSweepDelayMs(schedule, sweepsDone),
      Math.max(0, deadlineAtMs - Date.now()),
    );
    await condition(() => control() === 'stop', Math.max(1, delayMs));
    if (control() === 'stop') return { unconverged: 0, sweeps: sweepsDone };
    const seen = await sweep({ orgId, rolloutId, waves });
    sweepsDone += 1;
    // No read shows some attendee accounts: the answer of one repeated write does.
    await slidingWindow(seen.repeat, {
      size: () => windowSize,
      control,
      run: (seq) => confirm.repeatWrite({ orgId, rolloutId, seq }),
      until: condition,
    });
    shown.swept(seen.unconverged, sweepsDone);
    if (seen.unconverged === 0) return { unconverged: 0, sweeps: sweepsDone };
    if (Date.now() >= deadlineAtMs) {
      const { unconverged } = await giveUp({ orgId, rolloutId, waves });
      return { unconverged, sweeps: sweepsDone };
    }
    if (workflowInfo().continueAsNewSuggested) {
      const { waitsFor } = shown;
      await continueAsNew<typeof verifyPropagation>({ ...input, sweepsDone, waitsFor });
    }
  }
}

/** What the Temporal UI shows of a verification. */
class Shown {
  waitsFor: string | null;
  private unseen: number | null = null;
  private sweeps: number;

  constructor(private readonly input: VerifyInput) {
    this.waitsFor = input.waitsFor ?? null;
    this.sweeps = input.sweepsDone;
  }

  swept(unseen: number, sweeps: number): void {
    this.unseen = unseen;
    this.sweeps = sweeps;
    this.show();
  }

  hear({ waitsFor }: ToldWaits): void {
    this.waitsFor = waitsFor;
    this.show();
  }

  show(): void {
    const { unseen, sweeps } = this;
    const so =
      unseen === null
        ? `Webex is asked whether it shows what was written; ${sweeps} checks so far.`
        : `After ${sweeps} checks, Webex doesn't show the change for ${unseen} users.`;
    const until = `Checks end at ${new Date(this.input.deadlineAtMs).toISOString()}.`;
    setCurrentDetails(withWaits(`${so} ${until}`, this.waitsFor));
  }
}
