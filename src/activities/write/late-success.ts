import type { Db } from '../../db/connect';
import { markConverged } from '../../db/rollout/wave-rows';
import { takeLateSuccess, unansweredRows } from '../../db/rollout/unanswered-rows';
import { recordOutcome } from '../../db/write/record-outcome';
import type { WebexUser } from '../../webex/port/webex';
import { judgeConvergence } from '../../domain/write/convergence';
import { judgeWrite } from '../../domain/write/judge-write';

const detail = 'The answer to the write was lost. A later read shows that it was done.';

/**
 * Users who count as failed although their write was done: its answer was lost, and a read shows the whole
 * change only now. Returns their number.
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
    if (!observed) continue;
    const { changes } = row;
    if (judgeConvergence({ changes, observed, answered: null }) !== 'converged') continue;
    const taken = await takeLateSuccess(db, rolloutId, row.seq);
    if (!taken) continue;
    await recordOutcome(db, {
      rolloutId,
      seq: row.seq,
      call: taken.call,
      outcome: judgeWrite({ row, done: changes, refused: [], unitsLeft: {} }).outcome,
      // A read is no answer: the mirror has it already.
      answered: null,
      done: taken.done,
      doneSoFar: changes,
      refused: [],
      detail,
      trackingId: null,
      putBack: null,
      actor: 'rollout',
    });
    shown.push(row.seq);
  }
  await markConverged(db, rolloutId, shown);
  return shown.length;
}
