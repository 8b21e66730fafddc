import type { ApplyResult, UserRef } from '../../contract/activities';
import type { Db } from '../../db/connect';
import { holdIfTripped } from '../../db/write/failure-guard';
import { recordOutcome } from '../../db/write/record-outcome';
import type { Change } from '../../domain/model/change';
import type { Outcome } from '../../domain/model/outcome';
import { isFailure } from '../../domain/rollout/what-went-wrong';
import type { WriteAnswer } from '../../webex/port/webex';

/** Who the ledger says has added or removed a license. */
const actor = 'rollout';

export interface UserResult {
  /** `planned`: the row stays open, because `putBack` must follow. */
  outcome: Outcome;
  detail: string | null;
  /** Null where the call failed. */
  answer: WriteAnswer | null;
  refused: Change[];
  trackingId?: string | null;
  putBack?: Change[] | null;
}

/** Records a user's result and, after a failure, asks the failure guard about the rollout. */
export async function finishUser(db: Db, user: UserRef, result: UserResult): Promise<ApplyResult> {
  const { outcome, detail, answer, refused, putBack = null } = result;
  await recordOutcome(db, {
    ...user,
    outcome,
    answered: answer?.holdings ?? null,
    done: answer?.done ?? [],
    refused,
    detail,
    trackingId: result.trackingId ?? answer?.trackingId ?? null,
    putBack,
    actor,
  });
  const halted = isFailure(outcome) ? await holdIfTripped(db, user.rolloutId) : null;
  return { result: outcome, putBack: outcome === 'planned', halted };
}
