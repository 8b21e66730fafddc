import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { countOutcomes } from '../../db/rollout/rollouts';
import {
  OrganizationBusyError,
  RolloutMismatchError,
  recordMove,
} from '../../db/rollout/record-move';
import { recordPause, recordWaiting } from '../../db/rollout/record-flags';
import { ReplanOvertakenError } from '../../db/rollout/replan';
import { withholdUnwritten } from '../../db/rollout/ending/withhold-unwritten';
import { unseenWaves } from '../../db/rollout/follow-up';
import { owedPutBacks, writesInFlight } from '../../db/write/writes-in-flight';
import { reopenFailedRows, type ReopenedRows } from '../../db/rollout/wave-rows';
import { readSettings } from '../../db/admin/settings';
import type { PlanStep } from '../../domain/plan/plan-summary';
import { isFinal } from '../../domain/rollout/rollout-phase';
import type { Activities, PhaseMove, RolloutRef } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { refusal } from '../activity/failures';
import type { Db } from '../../db/connect';
import { systemActor } from '../../domain/model/actor';
import type { OutcomeCounts } from '../../domain/model/outcome';
import { expectStartable } from './expect-startable';
import { expectWaveMayBegin, opensWave } from './expect-wave-may-begin';

const drainPollMs = 25;

interface Recorded {
  counts: OutcomeCounts;
}

/** Records what the workflow decided, and what people ordered. */
export function recordMoveActivities(
  deps: ActivityDeps,
): Pick<
  Activities,
  | 'movePhase'
  | 'beginRollout'
  | 'setHold'
  | 'noteProgress'
  | 'drainWrites'
  | 'withholdRest'
  | 'reopenFailed'
> {
  const { db } = deps;
  return {
    async movePhase(input) {
      if (opensWave(input)) await expectWaveMayBegin(deps, input);
      return await move(db, input);
    },

    beginRollout: (input) => begin(deps, input),

    async setHold(input) {
      if (!input.paused) await expectWaveMayBegin(deps, input);
      await recordPause(db, input);
      if (input.paused) await drain(db, input.rolloutId);
    },

    async noteProgress({ rolloutId, waitingFor, deadlineAtMs, soaksUntilMs }) {
      const deadlineAt = deadlineAtMs === null ? null : new Date(deadlineAtMs);
      const soaksUntil = soaksUntilMs === undefined ? null : new Date(soaksUntilMs);
      await recordWaiting(db, { rolloutId, waitingFor, deadlineAt, soaksUntil });
      return { counts: await countOutcomes(db, rolloutId) };
    },

    async drainWrites({ rolloutId }) {
      await drain(db, rolloutId);
      await drainPutBacks(db, rolloutId);
    },

    async withholdRest({ rolloutId }) {
      await withholdUnwritten(db, rolloutId);
      return { counts: await countOutcomes(db, rolloutId) };
    },

    reopenFailed: (input) => reopenFailed(db, input),
  };
}

async function begin(
  deps: ActivityDeps,
  { digest, ...input }: PhaseMove & { digest: string },
): Promise<Recorded> {
  await expectStartable(deps, input, digest);
  await expectWaveMayBegin(deps, input);
  try {
    return await move(deps.db, input);
  } catch (error) {
    if (!(error instanceof OrganizationBusyError)) throw error;
    throw refusal('OrganizationBusy', error.message, { rolloutId: error.rolloutId });
  }
}

async function move(db: Db, input: PhaseMove): Promise<Recorded> {
  // A call from before the halt may still find a reason to hold the rollout: wait until it has ended.
  if (input.from === 'halted' && !isFinal(input.to)) await drain(db, input.rolloutId);
  const { actor, deadlineAtMs, ...rest } = input;
  const deadlineAt = typeof deadlineAtMs === 'number' ? new Date(deadlineAtMs) : null;
  try {
    await recordMove(db, {
      ...rest,
      actor: actor ?? systemActor,
      ...(deadlineAtMs === undefined ? {} : { deadlineAt }),
    });
  } catch (error) {
    // Another try can't help: the workflow fails, and upkeep closes its row.
    if (error instanceof ReplanOvertakenError) throw refusal('ActionTooLate', error.message);
    if (error instanceof RolloutMismatchError) throw refusal('RolloutMismatch', error.message);
    throw error;
  }
  return { counts: await countOutcomes(db, input.rolloutId) };
}

/** Waits until no permitted write is under way. */
async function drain(db: Db, rolloutId: string): Promise<void> {
  const { cancellationSignal } = Context.current();
  while ((await writesInFlight(db, rolloutId)) > 0) {
    await delay(drainPollMs, undefined, { signal: cancellationSignal });
  }
}

/** An end waits until everybody has what is owed to them (R95). */
async function drainPutBacks(db: Db, rolloutId: string): Promise<void> {
  const { cancellationSignal } = Context.current();
  while ((await owedPutBacks(db, rolloutId)) > 0) {
    await delay(10 * drainPollMs, undefined, { signal: cancellationSignal });
  }
}

async function reopenFailed(
  db: Db,
  { orgId, rolloutId }: RolloutRef,
): ReturnType<Activities['reopenFailed']> {
  const { settings } = await readSettings(db, orgId);
  const range = await reopenFailedRows(db, rolloutId);
  const counts = await countOutcomes(db, rolloutId);
  const total = Object.values(counts).reduce((sum, users) => sum + users, 0);
  const wave = range && {
    wave: range.wave,
    users: range.users,
    soakSeconds: 0,
    steps: [stepsOf(range)],
  };
  const unseen = await unseenWaves(db, rolloutId);
  return { counts, total, wave, schedule: settings.verification, unseenWaves: unseen };
}

/** One range: its shard writes step after step. */
function stepsOf({ fromSeq, toSeq, lastStep }: ReopenedRows): PlanStep {
  return { step: 1, fromSeq, toSeq, ...(lastStep > 1 ? { lastStep } : {}) };
}
