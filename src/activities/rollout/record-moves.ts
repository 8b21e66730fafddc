import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { sql } from 'drizzle-orm';
import { countOutcomes } from '../../db/rollout/rollouts';
import {
  OrganizationBusyError,
  RolloutMismatchError,
  recordMove,
} from '../../db/rollout/record-move';
import { recordWaiting } from '../../db/rollout/record-flags';
import { recordPause } from '../../db/rollout/record-flags';
import { withholdUnwritten } from '../../db/rollout/withhold-unwritten';
import { writesInFlight } from '../../db/write/writes-in-flight';
import { reopenFailedRows } from '../../db/rollout/wave-rows';
import { readSettings } from '../../db/admin/settings';
import { neverStarts, startObstacles } from '../../domain/rollout/guards';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import { isFinal } from '../../domain/rollout/rollout-phase';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import type { Activities, PhaseMove } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { refusal } from '../activity/failures';

const drainPollMs = 25;
/** Who moves a rollout when nobody asked for it. */
const itself = { name: 'seatwise', role: 'system' };

/** Recording what the workflow decided, and what people ordered. */
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

  async function move(input: PhaseMove) {
    // A call from before the halt may still find a reason to hold everybody: let it end first.
    if (input.from === 'halted' && !isFinal(input.to)) await drain(input.rolloutId);
    const { actor, deadlineAtMs, ...rest } = input;
    const deadlineAt = typeof deadlineAtMs === 'number' ? new Date(deadlineAtMs) : null;
    try {
      await recordMove(db, {
        ...rest,
        actor: actor ?? itself,
        ...(deadlineAtMs === undefined ? {} : { deadlineAt }),
      });
    } catch (error) {
      // Trying again can't help: the workflow fails, and upkeep closes its row.
      if (error instanceof RolloutMismatchError) throw refusal('RolloutMismatch', error.message);
      throw error;
    }
    return { counts: await countOutcomes(db, input.rolloutId) };
  }

  async function drain(rolloutId: string): Promise<void> {
    const { cancellationSignal } = Context.current();
    while ((await writesInFlight(db, rolloutId)) > 0) {
      await delay(drainPollMs, undefined, { signal: cancellationSignal });
    }
  }

  async function expectStartable(rolloutId: string, digest: string): Promise<void> {
    const { rows } = await db.execute<{
      digest: string;
      summary: PlanSummary;
      request: RolloutRequest;
    }>(sql`SELECT digest, summary, request FROM rollout WHERE rollout_id = ${rolloutId}`);
    const [row] = rows;
    if (!row) throw refusal('PlanImpossible', `Rollout ${rolloutId} is not in the database`);
    const never = neverStarts(row.request);
    if (never !== null) throw refusal('ActionNotAllowed', never);
    if (row.digest !== digest) {
      throw refusal('DigestMismatch', 'The digest is that of another plan: read this one first', {
        digest: row.digest,
      });
    }
    const [obstacle] = startObstacles(row.summary, row.request);
    if (obstacle) throw refusal('GuardTripped', obstacle);
    if (deps.readOnly && row.summary.planned > 0) {
      throw refusal('ReadOnly', 'WEBEX_READ_ONLY is set: plans can be made but not started');
    }
  }

  return {
    movePhase: move,

    async beginRollout({ digest, ...input }) {
      await expectStartable(input.rolloutId, digest);
      try {
        return await move(input);
      } catch (error) {
        if (!(error instanceof OrganizationBusyError)) throw error;
        throw refusal('OrganizationBusy', error.message, { rolloutId: error.rolloutId });
      }
    },

    async setHold(input) {
      await recordPause(db, input);
      if (input.paused) await drain(input.rolloutId);
    },

    async noteProgress({ rolloutId, waitingFor, deadlineAtMs }) {
      const deadlineAt = deadlineAtMs === null ? null : new Date(deadlineAtMs);
      await recordWaiting(db, { rolloutId, waitingFor, deadlineAt });
      return { counts: await countOutcomes(db, rolloutId) };
    },

    async drainWrites({ rolloutId }) {
      await drain(rolloutId);
    },

    async withholdRest({ rolloutId }) {
      await withholdUnwritten(db, rolloutId);
      return { counts: await countOutcomes(db, rolloutId) };
    },

    async reopenFailed({ orgId, rolloutId }) {
      const { settings } = await readSettings(db, orgId);
      const range = await reopenFailedRows(db, rolloutId);
      const counts = await countOutcomes(db, rolloutId);
      const total = Object.values(counts).reduce((sum, users) => sum + users, 0);
      const wave = range && {
        wave: range.wave,
        users: range.users,
        soakSeconds: 0,
        steps: [{ step: 1, fromSeq: range.fromSeq, toSeq: range.toSeq }],
      };
      return { counts, total, wave, schedule: settings.verification };
    },
  };
}
