import { permitLifeMs, takePermit, type IntendedWrite, type Permit } from '../../db/write/permit';
import { recordOutcome } from '../../db/write/record-outcome';
import { endCall } from '../../db/write/end-call';
import { guardsOf } from '../../db/rollout/guards';
import { holdIfTripped } from '../../db/rollout/hold';
import { recordHold } from '../../db/rollout/hold';
import { takePutBack, type IntendedPutBack } from '../../db/write/put-back';
import { targetKey } from '../../domain/model/target-key';
import { judgeWrite } from '../../domain/write/judge-write';
import { failureGuard } from '../../domain/rollout/guards';
import type { Change } from '../../domain/model/change';
import type { Outcome } from '../../domain/model/outcome';
import { judgePutBack, changesToPutBack } from '../../domain/write/changes-to-put-back';
import { WebexError, type WriteAnswer } from '../../webex/port/webex';
import type { Activities, ApplyResult, UserRef } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { defaultThrottleMs, toFailure, waitFailure } from '../activity/failures';
import { withoutRefused } from './without-refused';
import { throttleOrganization } from './pace';
import { createUnitsLeft } from './units-left';

const actor = 'rollout';
/** How soon to ask again while another job writes this user. */
const busyRetryMs = 2_000;
/** How soon to ask again after a permit that came too late to be used. */
const staleRetryMs = 250;

/** Writing one user: permission, call, comparison, outcome. */
export function applyUserActivities(
  deps: ActivityDeps,
): Pick<Activities, 'applyUser' | 'putBackUser'> {
  const { db, webex } = deps;
  const unitsLeft = createUnitsLeft(deps);
  const narrowing = { ...deps, unitsLeft };

  return {
    async applyUser(user) {
      const askedAtMs = performance.now();
      const permit = await takePermit(db, user.rolloutId, user.seq);
      if (permit.kind !== 'granted') return withoutCall(permit);
      await expectFresh(user, permit.write, askedAtMs);
      return await write(user, permit.write);
    },

    async putBackUser(user) {
      const askedAtMs = performance.now();
      const permit = await takePutBack(db, user.rolloutId, user.seq);
      if (permit.kind !== 'granted') return withoutCall(permit);
      await expectFresh(user, permit.write, askedAtMs);
      return await putBack(user, permit.write);
    },
  };

  /** A pause counts on a permit being used at once: one that was slow to come is given back. */
  async function expectFresh(
    user: UserRef,
    { attempts }: { attempts: number },
    askedAtMs: number,
  ): Promise<void> {
    if (performance.now() - askedAtMs < permitLifeMs) return;
    await endCall(db, { ...user, attempts, countsAttempt: false, detail: null });
    throw waitFailure(staleRetryMs);
  }

  async function putBack(user: UserRef, half: IntendedPutBack): Promise<ApplyResult> {
    let answer: WriteAnswer;
    try {
      answer = await webex.writeUser(half.personId, half.putBack);
    } catch (error) {
      const patience = 2 * deps.maxWriteAttempts;
      const fault = await waitOrHold(user, half, error, patience);
      if (fault.halted !== null) return fault.halted;
      const detail = `the other half could not be put back: ${fault.detail}`;
      return await recordPutBack(user, half, { outcome: 'failed', detail });
    }
    if (answer.refused.length > 0) {
      const detail = ['Webex did not put the other half back.', ...answer.details].join(' ');
      return await recordPutBack(user, half, { outcome: 'failed', detail, answer });
    }
    const { refused, pending } = half;
    const units = await unitsLeft(refused);
    const { outcome, detail } = judgePutBack({
      row: { pending },
      refused,
      restored: half.putBack,
      unitsLeft: units,
    });
    return await recordPutBack(user, half, { outcome, detail, answer });
  }

  async function recordPutBack(
    user: UserRef,
    half: IntendedPutBack,
    judged: { outcome: Outcome; detail: string; answer?: WriteAnswer },
  ): Promise<ApplyResult> {
    const { outcome, detail, answer } = judged;
    const undone = new Set(half.putBack.map(({ target }) => targetKey(target)));
    const isUndone = (change: Change) => undone.has(targetKey(change.target));
    await recordOutcome(db, {
      ...user,
      outcome,
      answered: answer?.holdings ?? null,
      done: answer?.done ?? [],
      // What was put back isn't to be seen any more, and nobody waits for it.
      refused:
        outcome === 'failed' ? half.refused : [...half.refused, ...half.changes.filter(isUndone)],
      detail,
      trackingId: answer?.trackingId ?? null,
      putBack: outcome === 'failed' ? half.putBack : null,
      actor,
    });
    const halted = outcome === 'failed' ? await checkGuard(user.rolloutId) : null;
    return { result: outcome, putBack: false, halted };
  }

  async function write(user: UserRef, intended: IntendedWrite): Promise<ApplyResult> {
    let answer: WriteAnswer;
    try {
      answer = await webex.writeUser(intended.personId, intended.changes);
    } catch (error) {
      return await writeFailed(user, intended, error);
    }
    const { done, refused, holdings } = answer;
    const units = refused.length > 0 ? await unitsLeft(refused) : {};
    const { outcome, detail } = judgeWrite({ row: intended, done, refused, unitsLeft: units });
    const putBack = changesToPutBack({
      changes: intended.changes,
      done,
      refused,
      unitsLeft: units,
    });
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
    const fault = await waitOrHold(user, intended, error, deps.maxWriteAttempts);
    if (fault.halted !== null) return fault.halted;
    const { kind, context } = fault.error;
    const narrowed =
      kind === 'rejected' ? await withoutRefused(narrowing, user, intended, fault.error) : null;
    if (narrowed === 'write-rest') throw waitFailure(0);
    const outcome = kind === 'not-found' ? 'gone' : (narrowed ?? 'failed');
    await recordOutcome(db, {
      ...user,
      outcome,
      answered: null,
      done: [],
      refused: narrowed === null ? intended.changes : [],
      detail: fault.detail,
      trackingId: context.trackingId ?? null,
      putBack: null,
      actor,
    });
    const halted = outcome === 'failed' ? await checkGuard(user.rolloutId) : null;
    return { result: outcome, putBack: false, halted };
  }

  /**
   * What any failed call means: throws what makes Temporal repeat it later, or holds the rollout;
   * what is left is the end of trying, and why.
   */
  async function waitOrHold(
    user: UserRef,
    { attempts }: { attempts: number },
    error: unknown,
    maxAttempts: number,
  ): Promise<{ halted: ApplyResult } | { halted: null; error: WebexError; detail: string }> {
    if (!(error instanceof WebexError)) {
      await endCall(db, { ...user, attempts, countsAttempt: true, detail: null });
      throw error;
    }
    const { kind, message } = error;
    if (kind === 'forbidden' || kind === 'read-only') {
      // Before the end of the call, for which a resume waits.
      await recordHold(db, user.rolloutId, message);
      await endCall(db, { ...user, attempts, countsAttempt: false, detail: message });
      return { halted: { result: 'held', putBack: false, halted: message } };
    }
    if (kind === 'throttled') {
      await endCall(db, { ...user, attempts, countsAttempt: false, detail: message });
      const waitMs = error.context.retryAfterMs ?? defaultThrottleMs;
      await throttleOrganization(deps, user.orgId, waitMs);
      throw toFailure(error);
    }
    if ((error.retryable || kind === 'aborted') && attempts < maxAttempts) {
      await endCall(db, { ...user, attempts, countsAttempt: true, detail: message });
      throw toFailure(error);
    }
    const detail = attempts > 1 ? `${message}, after ${attempts} attempts` : message;
    return { halted: null, error, detail };
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

/** What an activity answers where no call may be made now; throws where it shall be asked again. */
function withoutCall(permit: Exclude<Permit, { kind: 'granted' }>): ApplyResult {
  switch (permit.kind) {
    case 'held':
      return { ...plain('held'), halted: permit.hold };
    case 'stopped':
      return plain('stopped');
    case 'done':
      return plain(permit.outcome);
    case 'put-back':
      return { ...plain('planned'), putBack: true };
    case 'not-before':
      throw waitFailure(permit.waitMs);
    case 'user-busy':
      throw waitFailure(busyRetryMs);
  }
}
