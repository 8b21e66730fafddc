/**
 * What a failed write call means for the attempt, the rollout and the user:
 *
 *   answer                  the attempt   the rollout   then
 *   forbidden, read-only    not counted   held          ask no more until `resume`
 *   throttled               not counted   –             again, after the wait that Webex asks for
 *   unavailable, aborted    counted       –             again, up to the maximum
 *   else                    counted       –             give up: an outcome for this user
 */
import type { ApplyResult, UserRef } from '../../contract/activities';
import { recordHold } from '../../db/rollout/hold';
import { endCall } from '../../db/write/end-call';
import { WebexError, type WebexErrorKind } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';
import { defaultThrottleMs, toFailure } from '../activity/failures';
import { throttleOrganization } from './pace';

export type AfterFailedCall = 'hold' | 'wait' | 'again' | 'give-up';

const reactions: Readonly<Record<WebexErrorKind, AfterFailedCall>> = {
  forbidden: 'hold',
  'read-only': 'hold',
  throttled: 'wait',
  unavailable: 'again',
  aborted: 'again',
  'not-found': 'give-up',
  rejected: 'give-up',
  contract: 'give-up',
  incomplete: 'give-up',
};

export interface FailedCall {
  user: UserRef;
  /** This attempt included. */
  attempts: number;
  maxAttempts: number;
}

/** The entry of the table above. The last attempt gives up instead of trying again. */
export function reactionTo(
  kind: WebexErrorKind,
  { attempts, maxAttempts }: Pick<FailedCall, 'attempts' | 'maxAttempts'>,
): AfterFailedCall {
  const reaction = reactions[kind];
  return reaction === 'again' && attempts >= maxAttempts ? 'give-up' : reaction;
}

/**
 * Ends the call, unless the caller must record an outcome: `giveUp`. Throws what makes Temporal run
 * the activity again.
 */
export async function afterFailedCall(
  deps: ActivityDeps,
  call: FailedCall,
  error: unknown,
): Promise<{ end: ApplyResult } | { giveUp: WebexError; detail: string }> {
  const { db } = deps;
  const { user, attempts } = call;
  const end = (countsAttempt: boolean, detail: string | null) =>
    endCall(db, { ...user, attempts, countsAttempt, detail });

  if (!(error instanceof WebexError)) {
    await end(true, null);
    throw error;
  }
  const { kind, message } = error;
  switch (reactionTo(kind, call)) {
    case 'hold':
      // Before the end of the call, for which a resume waits.
      await recordHold(db, user.rolloutId, message);
      await end(false, message);
      return { end: { result: 'held', putBack: false, halted: message } };
    case 'wait':
      await end(false, message);
      await throttleOrganization(deps, user.orgId, error.context.retryAfterMs ?? defaultThrottleMs);
      throw toFailure(error);
    case 'again':
      await end(true, message);
      throw toFailure(error);
    case 'give-up':
      return {
        giveUp: error,
        detail: attempts > 1 ? `${message}, after ${attempts} attempts` : message,
      };
  }
}
