/** Users who count as failed while nobody knows what became of their write, and what a read or an answer shows. */
import type { Db } from '../../db/connect';
import { recordHold } from '../../db/rollout/hold';
import { markConverged } from '../../db/rollout/wave-rows';
import { takeLateSuccess, unansweredRows } from '../../db/rollout/ending/unanswered-rows';
import { recordOutcome } from '../../db/write/record-outcome';
import type { RowOfRollout } from '../../db/write/only-call';
import type { WebexUser } from '../../webex/port/webex';
import { isAmong } from '../../domain/model/was-refused';
import type { Holdings } from '../../domain/model/user';
import { compareHoldings } from '../../domain/write/compare-holdings';
import { judgeLateRead, type LateVerdict } from '../../domain/write/judge-late';

export interface LateSuccesses {
  /** Users whose whole change a read shows. */
  converged: number;
  /** Rows that no read can decide: the answer of a repeated call does. */
  repeat: number[];
}

/**
 * Judges users by what a read shows only now. Where it shows a removal without the addition, the removal
 * is put back (R95). Calling can't be: the rollout is held.
 */
export async function recordLateSuccesses(
  db: Db,
  { rolloutId, waves }: { rolloutId: string; waves: readonly number[] },
  users: readonly WebexUser[],
): Promise<LateSuccesses> {
  const seen = new Map(users.map(({ personId, holdings }) => [personId, holdings]));
  const shown: number[] = [];
  const repeat: number[] = [];
  for (const row of await unansweredRows(db, { rolloutId, waves, personIds: [...seen.keys()] })) {
    const observed = seen.get(row.personId);
    const verdict = observed ? judgeLateRead(row, compareHoldings(row.changes, observed)) : null;
    if (verdict === 'repeat') repeat.push(row.seq);
    if (verdict === null || verdict === 'repeat') continue;
    const isTaken = await recordLate(db, { rolloutId, seq: row.seq }, verdict, null);
    if (isTaken && verdict.isWhole) shown.push(row.seq);
  }
  await markConverged(db, rolloutId, shown);
  return { converged: shown.length, repeat };
}

/** Records what a read or the answer to a repeated call shows; false where it may be the work of another rollout. */
export async function recordLate(
  db: Db,
  { rolloutId, seq }: RowOfRollout,
  verdict: LateVerdict,
  /** What the answer shows; null for a read, of which the mirror knows already. */
  answered: Holdings | null,
): Promise<boolean> {
  const taken = await takeLateSuccess(db, { rolloutId, seq, isRepeat: answered !== null });
  if (!taken) return false;
  const { outcome, done, refused, detail, putBack, lost } = verdict;
  if (lost) await recordHold(db, rolloutId, detail ?? '');
  await recordOutcome(db, {
    rolloutId,
    seq,
    call: taken.call,
    outcome,
    answered,
    // A read may lag behind (R80): what it doesn't show may be done all the same.
    isSettled: !lost,
    done: taken.done.filter((change) => isAmong(done, change)),
    doneSoFar: done,
    refused,
    detail,
    putBack,
    trackingId: null,
    actor: 'unknown',
    // Whoever saw the failure may have given the license by hand.
    ownsAdditions: false,
  });
  return true;
}
