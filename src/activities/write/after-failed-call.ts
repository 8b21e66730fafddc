/**
 * What a failed write call means for the attempt, the rollout and the user:
 *
 *   answer                  the attempt   then                              at the last attempt
 *   read-only               not counted   hold: ask no more until `resume`  the same
 *   forbidden               see below     hold, if the credential is lost   give up
 *                                         (R97); else again
 *   throttled               not counted   again, after the wait that Webex  the same
 *                                         asks the organization for (R98)
 *     this user alone,      from the      again, after this user's wait     give up
 *     again (R97)           third time
 *   locked, incomplete      counted       again                             give up
 *   unavailable, aborted,   counted       again: the call may have been     read the user
 *   contract                              done
 *   not-found               counted       read the user: gone, or again     give up
 *   else                    counted       give up: an outcome for this user
 *
 * Nobody gives up on a user without a read where an earlier call had no usable answer, or where this one
 * removes something: it may have removed a license without adding another, whatever its answer says (R95).
 */
import type { ApplyResult, UserRef } from '../../contract/activities';
import { recordHold } from '../../db/rollout/hold';
import { hasWritten } from '../../db/write/failure-guard';
import { endCall } from '../../db/write/end-call';
import type { IntendedCall } from '../../db/write/permit';
import { WebexError, type WebexErrorKind } from '../../webex/port/webex';
import { defaultThrottleMs, toRetry, waitFailure } from '../activity/failures';
import { throttleOrganization } from './pace/pace';
import { readUser, type UserRead } from './read-user';
import { isUnexpected, troubleText } from './unexpected-errors';
import type { WriteDeps } from './units-left';

export type AfterFailedCall = 'hold' | 'ask-credential' | 'wait' | 'again' | 'read' | 'give-up';

const reactions: Readonly<
  Record<WebexErrorKind, readonly [early: AfterFailedCall, last: AfterFailedCall]>
> = {
  'read-only': ['hold', 'hold'],
  forbidden: ['ask-credential', 'ask-credential'],
  throttled: ['wait', 'wait'],
  locked: ['again', 'give-up'],
  unavailable: ['again', 'read'],
  aborted: ['again', 'read'],
  contract: ['again', 'read'],
  'not-found': ['read', 'read'],
  rejected: ['give-up', 'give-up'],
  incomplete: ['again', 'give-up'],
};

export interface FailedCall {
  user: UserRef;
  intended: Pick<IntendedCall, 'personId' | 'call' | 'attempts' | 'wasUnanswered'>;
  maxAttempts: number;
  /** The call removes something. */
  mayTake: boolean;
  /** When the permit was given, by `performance.now()`. */
  beganAtMs: number;
}

/** What ends the user's write, unless the caller finds more to do. */
export interface GivenUp {
  error: WebexError;
  detail: string;
  /** Where the answer didn't say what became of the call. */
  read: UserRead | null;
}

/** The entry of the table above. */
export function reactionTo(
  kind: WebexErrorKind,
  { attempts, maxAttempts }: { attempts: number; maxAttempts: number },
): AfterFailedCall {
  const [early, last] = reactions[kind];
  return attempts >= maxAttempts ? last : early;
}

/**
 * Ends the call, unless the caller must record an outcome: `giveUp`. Throws what makes Temporal run
 * the activity again.
 */
export async function afterFailedCall(
  deps: WriteDeps,
  failed: FailedCall,
  thrown: unknown,
): Promise<{ end: ApplyResult } | { giveUp: GivenUp }> {
  const error = asWebexError(thrown);
  if (error === null) {
    const detail = troubleText(thrown);
    await end(deps, failed, { countsAttempt: false, isAnswered: false, detail });
    throw thrown;
  }
  const { attempts } = failed.intended;
  const isLast = attempts >= failed.maxAttempts;
  switch (reactionTo(error.kind, { attempts, maxAttempts: failed.maxAttempts })) {
    case 'hold':
      return await hold(deps, failed, error);
    case 'ask-credential':
      return await afterRefusal(deps, failed, error, isLast);
    case 'wait':
      return await wait(deps, failed, error, isLast);
    case 'again':
      return await again(deps, failed, error);
    case 'read':
      return await afterRead(deps, failed, error, isLast);
    case 'give-up':
      return await lastly(deps, failed, error);
  }
}

/** A bug in the call is an answer that can't be used. Null: the database is away, or the worker ends. */
function asWebexError(thrown: unknown): WebexError | null {
  if (thrown instanceof WebexError) return thrown;
  if (!isUnexpected(thrown)) return null;
  const operation = 'PATCH /licenses/users';
  const about = { operation, outcomeUnknown: true };
  return new WebexError('contract', `${operation}: ${troubleText(thrown)}`, about);
}

/** The credential may be lost, or only this user may not be written (R97). */
async function afterRefusal(
  deps: WriteDeps,
  failed: FailedCall,
  error: WebexError,
  isLast: boolean,
): ReturnType<typeof afterFailedCall> {
  const isLost = await deps.credentialWatch.isLost(failed.intended.personId, () =>
    hasWritten(deps.db, failed.user.rolloutId),
  );
  if (isLost) return await hold(deps, failed, error);
  return isLast ? await lastly(deps, failed, error) : await again(deps, failed, error);
}

/** A read says what the answer didn't: whether the user exists, and what became of the call. */
async function afterRead(
  deps: WriteDeps,
  failed: FailedCall,
  error: WebexError,
  isLast: boolean,
): ReturnType<typeof afterFailedCall> {
  const read = await readUser(deps.webex, failed.intended.personId, timeLeftMs(failed));
  const isGone = error.kind === 'not-found' && read.kind === 'not-found';
  return isLast || isGone ? giveUp(failed, error, read) : await again(deps, failed, error);
}

/** The activity's own time limit is 10 s: Temporal starts it again after that. */
const activityMs = 9_000;

function timeLeftMs({ beganAtMs }: FailedCall): number {
  return Math.max(1_000, Math.round(activityMs - (performance.now() - beganAtMs)));
}

/** The rollout halts: nobody can be written. The hold is recorded before the end of the call, for which a resume waits. */
async function hold(
  deps: WriteDeps,
  failed: FailedCall,
  { message }: WebexError,
): Promise<{ end: ApplyResult }> {
  await recordHold(deps.db, failed.user.rolloutId, message);
  await end(deps, failed, { countsAttempt: false, isAnswered: true, detail: message });
  return { end: { result: 'held', putBack: false, halted: message } };
}

async function wait(
  deps: WriteDeps,
  failed: FailedCall,
  error: WebexError,
  isLast: boolean,
): ReturnType<typeof afterFailedCall> {
  const party = deps.throttleWatch.throttled(failed.intended.personId);
  if (party === 'user') {
    return isLast ? await lastly(deps, failed, error) : await again(deps, failed, error);
  }
  await end(deps, failed, { countsAttempt: false, isAnswered: true, detail: error.message });
  const waitMs = error.context.retryAfterMs ?? defaultThrottleMs;
  if (party === 'perhaps-user') throw toRetry(error);
  await throttleOrganization(deps, failed.user.orgId, { waitMs, reason: error.message });
  throw waitFailure(waitMs, error.message);
}

async function again(deps: WriteDeps, failed: FailedCall, error: WebexError): Promise<never> {
  const isAnswered = error.context.outcomeUnknown !== true;
  await end(deps, failed, { countsAttempt: true, isAnswered, detail: error.message });
  throw toRetry(error);
}

/** The last answer says that this call did nothing. That may be half true, and says nothing of those before it. */
async function lastly(
  deps: WriteDeps,
  failed: FailedCall,
  error: WebexError,
): ReturnType<typeof afterFailedCall> {
  return failed.intended.wasUnanswered || failed.mayTake
    ? await afterRead(deps, failed, error, true)
    : giveUp(failed, error);
}

function giveUp(
  { intended: { attempts } }: FailedCall,
  error: WebexError,
  read: UserRead | null = null,
): { giveUp: GivenUp } {
  const detail = attempts > 1 ? `${error.message}, after ${attempts} attempts` : error.message;
  return { giveUp: { error, detail, read } };
}

function end(
  { db }: WriteDeps,
  { user, intended: { call } }: FailedCall,
  ended: { countsAttempt: boolean; isAnswered: boolean; detail: string | null },
): Promise<void> {
  return endCall(db, { rolloutId: user.rolloutId, seq: user.seq, call, ...ended });
}
