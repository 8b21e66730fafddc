import type { ApplyResult, UserRef } from '../../contract/activities';
import type { Db } from '../../db/connect';
import { holdIfTripped } from '../../db/write/failure-guard';
import { recordOutcome } from '../../db/write/record-outcome';
import type { Change } from '../../domain/model/change';
import type { Outcome } from '../../domain/model/outcome';
import type { Holdings } from '../../domain/model/user';
import { isFailure } from '../../domain/rollout/what-went-wrong';

/** Who the ledger says has added or removed a license. */
const actor = 'rollout';

export interface UserResult {
  /** The number of the call. */
  call: number;
  /** `planned`: the row stays open, because another call must follow. */
  outcome: Outcome;
  detail: string | null;
  /** What an answer or a read showed that the user holds; null without one. */
  shown: Holdings | null;
  /** Without `shown`: false where a call may have done its work. The default is true. */
  isSettled?: boolean;
  done: Change[];
  doneSoFar?: Change[];
  refused: Change[];
  waiting?: Change[];
  trackingId: string | null;
  putBack?: Change[] | null;
  /** When what is still owed is tried again. */
  retryOwedMs?: number;
  /** What an answer says was put back. */
  restored?: Change[];
}

/** Records a user's result and, after a failure, asks the failure guard about the rollout. */
export async function finishUser(db: Db, user: UserRef, result: UserResult): Promise<ApplyResult> {
  const { outcome, shown, putBack = null } = result;
  const { rolloutId, seq } = user;
  await recordOutcome(db, {
    rolloutId,
    seq,
    call: result.call,
    outcome,
    answered: shown,
    done: result.done,
    refused: result.refused,
    ...(result.isSettled === undefined ? {} : { isSettled: result.isSettled }),
    ...(result.doneSoFar ? { doneSoFar: result.doneSoFar } : {}),
    ...(result.waiting ? { waiting: result.waiting } : {}),
    ...(result.retryOwedMs === undefined ? {} : { retryOwedMs: result.retryOwedMs }),
    ...(result.restored ? { restored: result.restored } : {}),
    detail: result.detail,
    trackingId: result.trackingId,
    putBack,
    actor,
  });
  const halted = isFailure(outcome) ? await holdIfTripped(db, rolloutId) : null;
  return { result: outcome, putBack: outcome === 'planned' && putBack !== null, halted };
}
