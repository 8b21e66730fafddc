import type { Activities, ApplyResult, UserRef } from '../../contract/activities';
import { nextCall } from '../../domain/write/next-call';
import { withMissingHalves } from '../../domain/write/with-missing-halves';
import { recordChanges } from '../../db/write/without-refused';
import type { IntendedWrite } from '../../db/write/permit';
import { isImplausiblyEmpty } from '../../domain/write/implausible-answer';
import { isOurWork, mayHaveTaken, staysInDoubt } from '../../domain/write/half-told';
import { compareHoldings } from '../../domain/write/compare-holdings';
import { WebexError, type WriteAnswer } from '../../webex/port/webex';
import { RememberedContext } from '../plan/remembered-context';
import { takeDecidedPermit } from '../plan/take-decided-permit';
import { waitFailure } from '../activity/failures';
import { afterFailedCall, type GivenUp } from './after-failed-call';
import { finishUser } from './finish-user';
import { MembershipsOfToday } from './memberships-of-today';
import { judgeAnswer, judgeRead } from './judge-answer';
import type { PermittedCall } from './permitted-call';
import type { UserRead } from './read-user';
import { UnexpectedErrors } from './unexpected-errors';
import type { WriteDeps } from './units-left';
import { withPermit } from './with-permit';
import { withoutRefused } from './without-refused';

/** Writes one user: permission, call, comparison of the answer, outcome. */
export function applyUserActivities(deps: WriteDeps): Pick<Activities, 'applyUser'> {
  const remembered = new RememberedContext();
  const memberships = new MembershipsOfToday(deps);
  const errors = new UnexpectedErrors(deps, 'write');
  return {
    applyUser: (user) =>
      errors.bound(user, () =>
        withPermit(deps.db, user, {
          take: (db) => takeDecidedPermit(db, user, remembered, memberships.known(user.rolloutId)),
          readMembers: () => memberships.ensure(user),
          work: (intended, beganAtMs) => {
            const call = nextCall(intended.changes, intended.done, intended.callingOffers);
            // An earlier attempt left out what has no unit, and ended before it could record the outcome.
            return call.changes.length === 0
              ? recordNothingLeft(deps, user, intended)
              : write(deps, { user, intended, call }, beganAtMs);
          },
        }),
      ),
  };
}

/** Nothing is left to ask for: the outcome is what the row waits for. */
async function recordNothingLeft(
  { db }: WriteDeps,
  user: UserRef,
  { call, done, pending, changes, wasUnanswered }: IntendedWrite,
): Promise<ApplyResult> {
  const waits = pending === 'host' ? 'host-pending' : 'waiting-for-seat';
  const isBlocked = pending === null && changes.length === 0;
  return await finishUser(db, user, {
    call,
    outcome: isBlocked ? 'blocked' : pending === null ? 'applied' : waits,
    detail: null,
    shown: null,
    isSettled: !wasUnanswered,
    done: [],
    doneSoFar: done,
    refused: [],
    trackingId: null,
  });
}

async function write(
  deps: WriteDeps,
  permitted: PermittedCall,
  beganAtMs: number,
): Promise<ApplyResult> {
  const { user, intended, call } = permitted;
  let answer: WriteAnswer;
  try {
    answer = plausible(intended, await deps.webex.writeUser(intended.personId, call.changes));
  } catch (error) {
    const mayTake = mayHaveTaken(call.changes);
    const failed = { user, intended, maxAttempts: deps.maxWriteAttempts, mayTake, beganAtMs };
    const after = await afterFailedCall(deps, failed, error);
    return 'end' in after ? after.end : await giveUp(deps, permitted, after.giveUp);
  }
  deps.credentialWatch.worked();
  deps.throttleWatch.worked(intended.personId);
  return await judgeAnswer(deps, permitted, answer);
}

/** Throws where the answer can't be used: then the call is repeated, and in the end a read decides. */
function plausible(intended: IntendedWrite, answer: WriteAnswer): WriteAnswer {
  if (!isImplausiblyEmpty(answer.holdings, intended)) return answer;
  const { status, trackingId } = answer;
  const about = { operation: 'PATCH /licenses/users', status, trackingId, outcomeUnknown: true };
  const message = 'the answer shows no license of a user who holds some';
  throw new WebexError('contract', `${about.operation}: ${message} (${trackingId})`, about);
}

/** The outcome of a write that isn't repeated, or another write without what Webex refuses. */
async function giveUp(
  deps: WriteDeps,
  permitted: PermittedCall,
  given: GivenUp,
): Promise<ApplyResult> {
  const { user, intended, call } = permitted;
  const { error, detail, read } = given;
  if (read && (error.kind !== 'rejected' || isDecidedBy(read, permitted))) {
    return await judgeRead(deps, permitted, given, read);
  }
  const left = error.kind === 'rejected' ? await narrowed(deps, permitted, given) : null;
  if (left === 'write-rest') throw waitFailure(0);
  return await finishUser(deps.db, user, {
    call: intended.call,
    outcome: left ?? (intended.done.length > 0 ? 'partial' : 'failed'),
    detail,
    shown: null,
    isSettled: !intended.wasUnanswered && !staysInDoubt(call.changes, read),
    done: [],
    refused: left === null ? [...call.changes, ...call.later] : [],
    trackingId: error.context.trackingId ?? null,
  });
}

/** Nothing is left to ask for, or a call that should have done nothing has done something. */
function isDecidedBy({ kind, holdings }: UserRead, { intended, call }: PermittedCall): boolean {
  if (kind === 'not-found') return true;
  const mayBeDone = intended.wasUnanswered;
  return holdings !== null && isOurWork(compareHoldings(call.changes, holdings), { mayBeDone });
}

async function narrowed(deps: WriteDeps, permitted: PermittedCall, { error }: GivenUp) {
  const { user, intended, call } = permitted;
  // An attendee account that no read shows keeps nobody from becoming host (R40).
  const whole = withMissingHalves(intended.changes, intended.before);
  if (whole !== null) {
    await recordChanges(deps.db, user, intended.call, whole);
    return 'write-rest' as const;
  }
  return await withoutRefused(deps, user, intended, [...call.changes, ...call.later], error);
}
