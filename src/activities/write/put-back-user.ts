import type { Activities, ApplyResult, UserRef } from '../../contract/activities';
import { takePutBack, type IntendedPutBack } from '../../db/write/put-back';
import { targetKey } from '../../domain/model/target-key';
import type { Change } from '../../domain/model/change';
import { judgePutBack } from '../../domain/write/changes-to-put-back';
import type { WriteAnswer } from '../../webex/port/webex';
import { afterFailedCall } from './after-failed-call';
import { finishUser } from './finish-user';
import type { WriteDeps } from './units-left';
import { withPermit } from './with-permit';

/** Putting back is worth more attempts than a write: until then the user has half of a replacement. */
const patience = 2;

/** Puts the other half of a half-refused replacement back (R40). */
export function putBackUserActivities(deps: WriteDeps): Pick<Activities, 'putBackUser'> {
  return {
    putBackUser: (user) =>
      withPermit(deps.db, user, takePutBack, (intended) => putBack(deps, user, intended)),
  };
}

async function putBack(
  deps: WriteDeps,
  user: UserRef,
  intended: IntendedPutBack,
): Promise<ApplyResult> {
  const { personId, attempts, pending, refused } = intended;
  const failed = (detail: string, answer: WriteAnswer | null) =>
    finishUser(deps.db, user, {
      outcome: 'failed',
      detail,
      answer,
      refused,
      putBack: intended.putBack,
    });

  let answer: WriteAnswer;
  try {
    answer = await deps.webex.writeUser(personId, intended.putBack);
  } catch (error) {
    const call = { user, attempts, maxAttempts: patience * deps.maxWriteAttempts };
    const after = await afterFailedCall(deps, call, error);
    if ('end' in after) return after.end;
    return await failed(`the other half could not be put back: ${after.detail}`, null);
  }
  if (answer.refused.length > 0) {
    const detail = ['Webex did not put the other half back.', ...answer.details].join(' ');
    return await failed(detail, answer);
  }
  const { outcome, detail } = judgePutBack({
    row: { pending },
    refused,
    restored: intended.putBack,
    unitsLeft: await deps.unitsLeft(refused),
  });
  return await finishUser(deps.db, user, {
    outcome,
    detail,
    answer,
    refused: [...refused, ...undone(intended)],
  });
}

/** Changes of the first call that were put back: no read will show them, and nobody waits for them. */
function undone({ changes, putBack }: IntendedPutBack): Change[] {
  const keys = new Set(putBack.map(({ target }) => targetKey(target)));
  return changes.filter(({ target }) => keys.has(targetKey(target)));
}
