import { endCall, recordOutcome, takePermit, takePutBack, type IntendedWrite } from '../db/intent';
import { guardsOf } from '../db/guards';
import { holdIfTripped, recordHold } from '../db/phase';
import { judgeWrite, restoration } from '../domain/compare-outcome';
import { failureGuard } from '../domain/guards';
import type { Change } from '../domain/model';
import { WebexError, type WriteAnswer } from '../webex/webex';
import type { Activities, ApplyResult, UserRef } from './contract';
import type { ActivityDeps } from './deps';
import { defaultThrottleMs, toFailure, waitFailure } from './failures';
import { throttleOrganization } from './pace';
import { createUnitsLeft } from './units-left';

const actor = 'rollout';
/** How soon to ask again while another job writes this user. */
const busyRetryMs = 2_000;

/** Writing one user: permission, call, comparison, outcome. */
export function applyActivities(deps: ActivityDeps): Pick<Activities, 'applyUser' | 'putBackUser'> {
  const { db, webex } = deps;
  const unitsLeft = createUnitsLeft(deps);

  return {
    async applyUser(user) {
      const permit = await takePermit(db, user.rolloutId, user.seq);
      switch (permit.kind) {
        case 'held':
        case 'stopped':
          return plain(permit.kind);
        case 'done':
          return plain(permit.outcome);
        case 'put-back':
          return { ...plain('planned'), putBack: true };
        case 'not-before':
          throw waitFailure(permit.waitMs);
        case 'user-busy':
          throw waitFailure(busyRetryMs);
        case 'granted':
          return await write(user, permit.write);
      }
    },

    async putBackUser(user) {
      const half = await takePutBack(db, user.rolloutId, user.seq);
      if (!half) return plain('partial');
      try {
        const answer = await webex.writeUser(half.personId, half.putBack);
        await recordOutcome(db, {
          ...user,
          outcome: 'partial',
          answered: answer.holdings,
          done: answer.done,
          refused: half.refused,
          detail: 'half of a replacement was refused, so the other half was put back',
          trackingId: answer.trackingId,
          putBack: null,
          actor,
        });
        return plain('partial');
      } catch (error) {
        await endCall(db, { ...user, forgetIntent: false, detail: messageOf(error) });
        throw await afterFault(user, error);
      }
    },
  };

  async function write(user: UserRef, intended: IntendedWrite): Promise<ApplyResult> {
    let answer: WriteAnswer;
    try {
      answer = await webex.writeUser(intended.personId, intended.changes);
    } catch (error) {
      return await writeFailed(user, intended, error);
    }
    const { done, refused, holdings } = answer;
    const units = refused.length > 0 ? await unitsLeft() : {};
    const { outcome, detail } = judgeWrite({ row: intended, done, refused, unitsLeft: units });
    const putBack = restoration({ changes: intended.changes, done, refused });
    await recordOutcome(db, {
      ...user,
      outcome: putBack.length > 0 ? 'planned' : outcome,
      answered: holdings,
      done,
      refused,
      detail: [detail, ...answer.details].filter(Boolean).join(' ') || null,
      trackingId: answer.trackingId,
      putBack: putBack.length > 0 ? putBack : null,
      actor,
    });
    const halted = outcome === 'failed' ? await checkGuard(user.rolloutId) : null;
    return { result: outcome, putBack: putBack.length > 0, halted };
  }

  /** What a failed call means: wait and repeat, hold the whole rollout, or an outcome for this user. */
  async function writeFailed(
    user: UserRef,
    intended: IntendedWrite,
    error: unknown,
  ): Promise<ApplyResult> {
    if (!(error instanceof WebexError)) {
      await endCall(db, { ...user, forgetIntent: false, detail: null });
      throw error;
    }
    if (error.kind === 'forbidden' || error.kind === 'read-only') {
      await endCall(db, { ...user, forgetIntent: true, detail: error.message });
      await recordHold(db, user.rolloutId, error.message);
      return { result: 'held', putBack: false, halted: error.message };
    }
    const mayRepeat = error.retryable || error.kind === 'aborted';
    if (error.kind === 'throttled' || (mayRepeat && intended.attempts < deps.maxWriteAttempts)) {
      const forgetIntent = error.kind === 'throttled' && intended.attempts === 1;
      await endCall(db, { ...user, forgetIntent, detail: error.message });
      throw await afterFault(user, error);
    }
    const outcome = error.kind === 'not-found' ? 'gone' : 'failed';
    await recordOutcome(db, {
      ...user,
      outcome,
      answered: null,
      done: [],
      refused: intended.changes satisfies Change[],
      detail: `${error.message}, after ${intended.attempts} attempts`.replace(
        ', after 1 attempts',
        '',
      ),
      trackingId: error.context.trackingId ?? null,
      putBack: null,
      actor,
    });
    const halted = outcome === 'failed' ? await checkGuard(user.rolloutId) : null;
    return { result: outcome, putBack: false, halted };
  }

  async function afterFault(user: UserRef, error: unknown): Promise<unknown> {
    if (error instanceof WebexError && error.kind === 'throttled') {
      const waitMs = error.context.retryAfterMs ?? defaultThrottleMs;
      await throttleOrganization(deps, user.orgId, waitMs);
    }
    return toFailure(error);
  }

  async function checkGuard(rolloutId: string): Promise<string | null> {
    const guards = await guardsOf(db, rolloutId);
    return await holdIfTripped(db, rolloutId, (count) => {
      const verdict = failureGuard(count, guards);
      return verdict.tripped ? verdict.reason : null;
    });
  }
}

function plain(result: ApplyResult['result']): ApplyResult {
  return { result, putBack: false, halted: null };
}

function messageOf(error: unknown): string | null {
  return error instanceof WebexError ? error.message : null;
}
