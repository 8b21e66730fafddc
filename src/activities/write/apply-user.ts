import type { Activities, ApplyResult, UserRef } from '../../contract/activities';
import { takePermit, type IntendedWrite } from '../../db/write/permit';
import { changesToPutBack } from '../../domain/write/changes-to-put-back';
import { judgeWrite } from '../../domain/write/judge-write';
import type { WebexError, WriteAnswer } from '../../webex/port/webex';
import { waitFailure } from '../activity/failures';
import { afterFailedCall } from './after-failed-call';
import { finishUser } from './finish-user';
import type { WriteDeps } from './units-left';
import { withPermit } from './with-permit';
import { withoutRefused } from './without-refused';

/** Writes one user: permission, call, comparison of the answer, outcome. */
export function applyUserActivities(deps: WriteDeps): Pick<Activities, 'applyUser'> {
  return {
    applyUser: (user) =>
      withPermit(deps.db, user, takePermit, (intended) => write(deps, user, intended)),
  };
}

async function write(
  deps: WriteDeps,
  user: UserRef,
  intended: IntendedWrite,
): Promise<ApplyResult> {
  let answer: WriteAnswer;
  try {
    answer = await deps.webex.writeUser(intended.personId, intended.changes);
  } catch (error) {
    const call = { user, attempts: intended.attempts, maxAttempts: deps.maxWriteAttempts };
    const after = await afterFailedCall(deps, call, error);
    return 'end' in after ? after.end : await giveUp(deps, user, intended, after);
  }
  const { done, refused } = answer;
  const unitsLeft = refused.length > 0 ? await deps.unitsLeft(refused) : {};
  const { outcome, detail } = judgeWrite({ row: intended, done, refused, unitsLeft });
  const putBack = changesToPutBack({ changes: intended.changes, done, refused, unitsLeft });
  const mustPutBack = putBack.length > 0;
  return await finishUser(deps.db, user, {
    outcome: mustPutBack ? 'planned' : outcome,
    detail: [detail, ...answer.details].filter(Boolean).join(' ') || null,
    answer,
    refused,
    putBack: mustPutBack ? putBack : null,
  });
}

/** The outcome of a write that isn't repeated, or another write without what Webex refuses. */
async function giveUp(
  deps: WriteDeps,
  user: UserRef,
  intended: IntendedWrite,
  { giveUp: error, detail }: { giveUp: WebexError; detail: string },
): Promise<ApplyResult> {
  const { kind, context } = error;
  const left = kind === 'rejected' ? await withoutRefused(deps, user, intended, error) : null;
  if (left === 'write-rest') throw waitFailure(0);
  return await finishUser(deps.db, user, {
    outcome: kind === 'not-found' ? 'gone' : (left ?? 'failed'),
    detail,
    answer: null,
    refused: left === null ? intended.changes : [],
    trackingId: context.trackingId ?? null,
  });
}
