import type { Activities, ApplyResult, UserRef } from '../../../contract/activities';
import { recordHold } from '../../../db/rollout/hold';
import { takePutBack, type IntendedPutBack } from '../../../db/write/put-back';
import { recordLostUnits } from '../../../db/write/without-refused';
import { changePhrase } from '../../../domain/licenses/change-label';
import type { Change } from '../../../domain/model/change';
import type { Holdings } from '../../../domain/model/user';
import { isAmong } from '../../../domain/model/was-refused';
import { compareHoldings } from '../../../domain/write/compare-holdings';
import {
  judgePutBack,
  lostUnitsSentence,
  opposite,
  withoutLostUnits,
} from '../../../domain/write/judge-put-back';
import { mayHaveTaken } from '../../../domain/write/half-told';
import { nextPutBackMs } from '../../../domain/write/owed';
import type { WriteAnswer } from '../../../webex/port/webex';
import { waitFailure } from '../../activity/failures';
import { afterFailedCall, type GivenUp } from '../after-failed-call';
import { finishUser } from '../finish-user';
import { UnexpectedErrors } from '../unexpected-errors';
import type { WriteDeps } from '../units-left';
import { withPermit } from '../with-permit';

/** Putting back is worth more attempts than a write: until then the user has lost something. */
const patience = 2;

interface Shown {
  holdings: Holdings | null;
  done: Change[];
  refused: Change[];
  /** Of these, what only an answer says: a read has to show it. */
  unseen: Change[];
  trackingId: string | null;
  details: string[];
}

/** Puts back what a user has lost by a call of which an addition was refused (R95, R40). */
export function putBackUserActivities(deps: WriteDeps): Pick<Activities, 'putBackUser'> {
  const errors = new UnexpectedErrors(deps, 'put-back');
  return {
    putBackUser: (user) =>
      errors.bound(user, () =>
        withPermit(deps.db, user, {
          take: takePutBack,
          work: (intended, beganAtMs) => putBack(deps, user, intended, beganAtMs),
        }),
      ),
  };
}

async function putBack(
  deps: WriteDeps,
  user: UserRef,
  intended: IntendedPutBack,
  beganAtMs: number,
): Promise<ApplyResult> {
  let answer: WriteAnswer;
  try {
    answer = await deps.webex.writeUser(intended.personId, intended.putBack);
  } catch (error) {
    const maxAttempts = patience * deps.maxWriteAttempts;
    const mayTake = mayHaveTaken(intended.putBack);
    const failed = { user, intended, maxAttempts, mayTake, beganAtMs };
    const after = await afterFailedCall(deps, failed, error);
    return 'end' in after ? after.end : await giveUp(deps, user, intended, after.giveUp);
  }
  deps.credentialWatch.worked();
  deps.throttleWatch.worked(intended.personId);
  return await judge(deps, user, intended, { ...answer, unseen: answer.done });
}

async function giveUp(
  deps: WriteDeps,
  user: UserRef,
  intended: IntendedPutBack,
  { error, detail, read }: GivenUp,
): Promise<ApplyResult> {
  const trackingId = error.context.trackingId ?? null;
  if (read?.kind === 'not-found') {
    return await finishUser(deps.db, user, {
      call: intended.call,
      outcome: 'gone',
      detail: `${detail}. A read says that the user no longer exists`,
      shown: null,
      done: [],
      refused: intended.refused,
      trackingId,
    });
  }
  const holdings = read?.holdings ?? null;
  // What no read shows as put back is still owed.
  const done = holdings ? compareHoldings(intended.putBack, holdings).done : [];
  const refused = intended.putBack.filter((change) => !isAmong(done, change));
  const shown = { holdings, done, refused, unseen: [], details: [detail], trackingId };
  return await judge(deps, user, intended, shown, error.context.outcomeUnknown !== true);
}

/** What an answer or a read shows of a putting-back. */
async function judge(
  deps: WriteDeps,
  user: UserRef,
  intended: IntendedPutBack,
  shown: Shown,
  isSettled = true,
): Promise<ApplyResult> {
  if (shown.refused.length > 0) return await notPutBack(deps, user, intended, shown, isSettled);
  const { done, waiting } = intended;
  const refused = refusedBefore(intended);
  const lost = waiting.filter(({ reason }) => reason.code === 'put-back');
  const { outcome, detail } = judgePutBack({
    row: { pending: lost.length > 0 ? null : intended.pending },
    done,
    refused,
    restored: intended.putBack,
    unitsLeft: await deps.unitsLeft(refused),
  });
  return await finishUser(deps.db, user, {
    call: intended.call,
    outcome: lost.length > 0 ? 'failed' : outcome,
    detail: lost.length > 0 ? `${detail} ${lostUnitsSentence(lost)}` : detail,
    shown: shown.holdings,
    isSettled,
    done: shown.done,
    refused: [...refused, ...undone(intended)],
    restored: restoredNow(intended, shown),
    trackingId: shown.trackingId,
  });
}

/**
 * The user waits for the next unit if others have taken theirs. Otherwise it stays owed, and the rollout
 * halts, the first time that Webex refuses it (R95).
 */
async function notPutBack(
  deps: WriteDeps,
  user: UserRef,
  intended: IntendedPutBack,
  shown: Shown,
  isSettled: boolean,
): Promise<ApplyResult> {
  const unrestored = withoutLostUnits(
    intended.putBack,
    shown.refused,
    await deps.unitsLeft(shown.refused),
  );
  const common = {
    call: intended.call,
    shown: shown.holdings,
    isSettled,
    done: shown.done,
    restored: restoredNow(intended, shown),
    trackingId: shown.trackingId,
  };
  if (unrestored) {
    const { waiting, rest } = unrestored;
    const left = rest.filter((change) => !isAmong(shown.done, change));
    if (left.length > 0) {
      await recordLostUnits(deps.db, user, intended.call, { waiting, putBack: left });
      throw waitFailure(0);
    }
    return await finishUser(deps.db, user, {
      ...common,
      outcome: 'failed',
      detail: lostUnitsSentence(waiting),
      refused: [...refusedBefore(intended), ...undone(intended)],
      waiting,
    });
  }
  const what = shown.refused.map((change) => changePhrase(opposite(change))).join(' or ');
  const detail = [
    `An addition was refused, and what the call did instead could not be undone (${what}).`,
    ...shown.details,
  ].join(' ');
  if (!intended.isDebt) await recordHold(deps.db, user.rolloutId, detail);
  const result = await finishUser(deps.db, user, {
    ...common,
    outcome: 'failed',
    detail,
    refused: intended.refused,
    putBack: intended.putBack.filter((change) => !isAmong(shown.done, change)),
    retryOwedMs: nextPutBackMs(intended.tries),
  });
  return { ...result, putBack: false, halted: result.halted ?? detail };
}

/** What Webex refused of the row's changes, without what an earlier putting-back has undone of them. */
function refusedBefore({ refused, putBack }: IntendedPutBack): Change[] {
  const reversed = putBack.map(opposite);
  return refused.filter((change) => !isAmong(reversed, change));
}

/** What was put back, now and before, and no read has shown yet. */
function restoredNow({ restored }: IntendedPutBack, { unseen }: Shown): Change[] {
  return [...restored.filter((change) => !isAmong(unseen, change)), ...unseen];
}

/** Changes of the first call that were put back: no read will show them, and nobody waits for them. */
function undone({ changes, putBack, waiting }: IntendedPutBack): Change[] {
  const restored = [...putBack, ...waiting.filter(({ reason }) => reason.code === 'put-back')];
  const reversed = restored.map(opposite);
  return changes.filter((change) => isAmong(reversed, change));
}
