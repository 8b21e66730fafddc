import type { Db } from '../../db/connect';
import { markConverged } from '../../db/rollout/wave-rows';
import {
  takeLateSuccess,
  unansweredRows,
  type UnansweredRow,
} from '../../db/rollout/unanswered-rows';
import { recordOutcome, type OutcomeRecord } from '../../db/write/record-outcome';
import type { WebexUser } from '../../webex/port/webex';
import { isAmong } from '../../domain/model/was-refused';
import type { Holdings } from '../../domain/model/user';
import { changesToPutBack } from '../../domain/write/changes-to-put-back';
import { compareHoldings } from '../../domain/write/compare-holdings';
import { judgeConvergence } from '../../domain/write/convergence';
import { judgeWrite } from '../../domain/write/judge-write';

const details = {
  whole: 'The answer to the write was lost. A later read shows that it was done.',
  half: 'The answer to the write was lost. A later read shows that only a part of it was done.',
};

type Verdict = Pick<OutcomeRecord, 'outcome' | 'done' | 'refused' | 'detail' | 'putBack'>;

/**
 * Users who count as failed although their write was done: its answer was lost, and a read shows it only
 * now. Where it shows a removal without the addition, the removal is put back (R95). Returns the number
 * of users who are done.
 */
export async function recordLateSuccesses(
  db: Db,
  { rolloutId, waves }: { rolloutId: string; waves: readonly number[] },
  users: readonly WebexUser[],
): Promise<number> {
  const seen = new Map(users.map(({ personId, holdings }) => [personId, holdings]));
  const shown: number[] = [];
  for (const row of await unansweredRows(db, { rolloutId, waves, personIds: [...seen.keys()] })) {
    const observed = seen.get(row.personId);
    const verdict = observed && judge(row, observed);
    if (!verdict) continue;
    const { seq } = row;
    const taken = await takeLateSuccess(db, rolloutId, seq);
    if (!taken) continue;
    await recordOutcome(db, {
      ...verdict,
      rolloutId,
      seq,
      call: taken.call,
      // A read is no answer: the mirror has it already.
      answered: null,
      done: taken.done.filter((change) => isAmong(verdict.done, change)),
      doneSoFar: verdict.done,
      trackingId: null,
      actor: 'rollout',
    });
    if (verdict.putBack === null) shown.push(seq);
  }
  await markConverged(db, rolloutId, shown);
  return shown.length;
}

/** Null: the read shows nothing that was done, or that somebody has lost. */
function judge(row: UnansweredRow, observed: Holdings): Verdict | null {
  const { changes, callingOffers } = row;
  if (judgeConvergence({ changes, observed, answered: null }) === 'converged') {
    const { outcome } = judgeWrite({ row, done: changes, refused: [], unitsLeft: {} });
    return { outcome, done: changes, refused: [], detail: details.whole, putBack: null };
  }
  const { done, refused, silent } = compareHoldings(changes, observed);
  const isLoss =
    done.some(({ operation }) => operation === 'remove') &&
    refused.some(({ operation }) => operation === 'add');
  if (!isLoss) return null;
  const putBack = changesToPutBack({ done, refused, silent, unitsLeft: {}, callingOffers });
  return putBack.length > 0
    ? { outcome: 'planned', done, refused, detail: details.half, putBack }
    : null;
}
