/** From what an answer or a read shows to a user's outcome, or to the call that must follow. */
import type { ApplyResult } from '../../contract/activities';
import { recordHold } from '../../db/rollout/hold';
import { goneInWave } from '../../db/rollout/gone-in-wave';
import { recordChanges } from '../../db/write/without-refused';
import { changePhrase } from '../../domain/licenses/change-label';
import {
  afterNotFound,
  areTooManyGone,
  type GoneInWave,
} from '../../domain/rollout/what-went-wrong';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import { believedAnswer } from '../../domain/write/believed-answer';
import { changesToPutBack, lostForGood } from '../../domain/write/changes-to-put-back';
import { isOurWork, staysInDoubt } from '../../domain/write/half-told';
import { compareHoldings } from '../../domain/write/compare-holdings';
import { judgeWrite } from '../../domain/write/judge-write';
import { isRefusedBesideAttendee, withMissingHalves } from '../../domain/write/with-missing-halves';
import type { WriteAnswer } from '../../webex/port/webex';
import { waitFailure } from '../activity/failures';
import type { GivenUp } from './after-failed-call';
import type { PermittedCall } from './permitted-call';
import { finishUser } from './finish-user';
import type { UserRead } from './read-user';
import type { WriteDeps } from './units-left';

interface Shown {
  holdings: Holdings;
  done: Change[];
  refused: Change[];
  /** What a read says nothing about: a repeated write will show it. */
  silent: Change[];
  details: string[];
  trackingId: string | null;
}

export function judgeAnswer(
  deps: WriteDeps,
  permitted: PermittedCall,
  answer: WriteAnswer,
): Promise<ApplyResult> {
  return judgeShown(deps, permitted, { ...answer, silent: [] });
}

/** After the last attempt, where no answer said what became of the call. */
export async function judgeRead(
  deps: WriteDeps,
  permitted: PermittedCall,
  { error, detail }: GivenUp,
  { kind, holdings }: UserRead,
): Promise<ApplyResult> {
  const { user, intended, call } = permitted;
  const trackingId = error.context.trackingId ?? null;
  const mayBeDone = error.context.outcomeUnknown === true || intended.wasUnanswered;
  const compared = holdings ? compareHoldings(call.changes, holdings) : null;
  if (holdings && compared && isOurWork(compared, { mayBeDone })) {
    return await judgeShown(deps, permitted, {
      holdings,
      ...compared,
      details: [`${whatWasTold(mayBeDone)} (${detail}). A read shows what was done.`],
      trackingId,
    });
  }
  const isNotFound = error.kind === 'not-found';
  const wave = kind === 'not-found' ? await goneInWave(deps.db, user) : nobodyGone;
  const outcome = afterNotFound(kind, wave);
  return await finishUser(deps.db, user, {
    call: intended.call,
    outcome: outcome === 'failed' && intended.done.length > 0 ? 'partial' : outcome,
    detail: [detail, sentenceAbout(kind, { isNotFound, wave })].join('. '),
    shown: null,
    isSettled: !mayBeDone && !staysInDoubt(call.changes, { kind }),
    done: [],
    refused: [...call.changes, ...call.later],
    trackingId,
  });
}

function whatWasTold(mayBeDone: boolean): string {
  return mayBeDone
    ? 'No answer to the write could be used'
    : 'The answer said that nothing was done';
}

/** Where the read doesn't call the user gone, how many others are makes no difference. */
const nobodyGone: GoneInWave = { gone: 0, of: 0 };

function sentenceAbout(
  kind: UserRead['kind'],
  { isNotFound, wave }: { isNotFound: boolean; wave: GoneInWave },
): string {
  switch (kind) {
    case 'not-found':
      return areTooManyGone(wave)
        ? `Reads say that ${wave.gone} of ${wave.of} users of the wave no longer exist, all of whom they showed before it. That is too many to be believed`
        : 'A read says that the user no longer exists';
    case 'shown':
      return isNotFound
        ? 'Webex said not found while a read shows the user'
        : 'A read does not show the change';
    case 'unanswered':
      return 'A read did not say what became of the user';
  }
}

async function judgeShown(
  deps: WriteDeps,
  permitted: PermittedCall,
  shown: Shown,
): Promise<ApplyResult> {
  const { intended, call } = permitted;
  const { holdings, refused } = shown;
  const whole = isRefusedBesideAttendee(refused, holdings)
    ? withMissingHalves(intended.changes, intended.before)
    : null;
  if (whole !== null || (refused.length === 0 && call.later.length > 0)) {
    return await callAgain(deps, permitted, shown, whole);
  }
  return await judgeAll(deps, permitted, shown);
}

/** What was done is recorded, and another call of this user follows: for `changes`, where they are other ones. */
async function callAgain(
  { db }: WriteDeps,
  { user, intended }: PermittedCall,
  { holdings, done, trackingId }: Shown,
  changes: readonly Change[] | null,
): Promise<never> {
  await finishUser(db, user, {
    call: intended.call,
    outcome: 'planned',
    detail: null,
    shown: believedAnswer(holdings, intended),
    done,
    doneSoFar: [...intended.done, ...done],
    refused: [],
    trackingId,
  });
  if (changes !== null) await recordChanges(db, user, intended.call, changes);
  throw waitFailure(0);
}

async function judgeAll(
  deps: WriteDeps,
  { user, intended, call }: PermittedCall,
  { holdings, done, refused, silent, details, trackingId }: Shown,
): Promise<ApplyResult> {
  const { callingOffers } = intended;
  const doneSoFar = [...intended.done, ...done];
  const unitsLeft = refused.length > 0 ? await deps.unitsLeft(refused) : {};
  const judged = judgeWrite({ row: intended, done: doneSoFar, refused, unitsLeft });
  // What earlier calls of this user removed is owed as well (R95).
  const input = { done: doneSoFar, refused, silent, unitsLeft, callingOffers };
  const putBack = changesToPutBack(input);
  const lost = lostForGood(input);
  const sentences = [
    judged.detail,
    ...details,
    call.later.length > 0 && `${removalOf(call.later)}, because not everything else was done.`,
    lost.length > 0 && `Webex did ${lost.map(changePhrase).join(' and ')}. That can't be undone.`,
  ];
  const detail = sentences.filter(Boolean).join(' ') || null;
  if (lost.length > 0) await recordHold(deps.db, user.rolloutId, detail ?? '');
  return await finishUser(deps.db, user, {
    call: intended.call,
    shown: believedAnswer(holdings, intended),
    trackingId,
    done,
    outcome: putBack.length > 0 ? 'planned' : lost.length > 0 ? 'failed' : judged.outcome,
    detail,
    doneSoFar,
    refused: [...refused, ...call.later],
    putBack: putBack.length > 0 ? putBack : null,
  });
}

function removalOf(later: readonly Change[]): string {
  return `Seatwise did not ${later.map(changePhrase).join(' or ')}`;
}
