import { doubtfulRows, type DoubtfulRow } from '../../../db/rollout/ending/doubtful-rows';
import { recordHold } from '../../../db/rollout/hold';
import { moveOn, type RowCursor } from '../../../db/write/row-cursor';
import { recordOutcome } from '../../../db/write/record-outcome';
import type { Holdings } from '../../../domain/model/user';
import { isAmong } from '../../../domain/model/was-refused';
import { compareHoldings } from '../../../domain/write/compare-holdings';
import { judgeLateRead } from '../../../domain/write/judge-late';
import { WebexError } from '../../../webex/port/webex';
import type { ActivityDeps } from '../../activity/deps';

/** As many as one call can ask for. */
export const usersPerTurn = 85;
const readMs = 20_000;

/**
 * Reads users of paused and halted rollouts whose last call had no answer. Where a read shows a removal
 * without the addition, the removal is owed (R95), and put back like everything that is owed. Returns the
 * number of such users. All others stay as they are: their call is repeated after `resume`.
 */
export async function findOwedUsers(
  { db, webex, orgId }: ActivityDeps,
  cursor: RowCursor = { after: null },
  limit = usersPerTurn,
): Promise<number> {
  const rows = await doubtfulRows(db, orgId, { ...cursor, limit });
  moveOn(cursor, rows, limit);
  if (rows.length === 0) return 0;
  const seen = await readHoldings(webex, rows);
  let owed = 0;
  const failures: unknown[] = [];
  for (const row of rows) {
    const holdings = seen.get(row.personId);
    try {
      if (holdings && (await recordIfOwed({ db }, row, holdings))) owed += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return owed;
}

/** What a read shows them to hold; nothing where Webex doesn't answer. */
export async function readHoldings(
  webex: ActivityDeps['webex'],
  rows: readonly Pick<DoubtfulRow, 'personId'>[],
): Promise<Map<string, Holdings>> {
  const seen = new Map<string, Holdings>();
  try {
    const personIds = rows.map(({ personId }) => personId);
    const signal = AbortSignal.timeout(readMs);
    for await (const page of webex.readPeople(personIds, Infinity, { signal })) {
      for (const { personId, holdings } of page.users) seen.set(personId, holdings);
    }
  } catch (error) {
    if (!(error instanceof WebexError)) throw error;
  }
  return seen;
}

async function recordIfOwed(
  { db }: Pick<ActivityDeps, 'db'>,
  row: DoubtfulRow,
  holdings: Holdings,
): Promise<boolean> {
  const verdict = judgeLateRead(row, compareHoldings(row.changes, holdings));
  if (verdict === null || verdict === 'repeat' || verdict.putBack === null) return false;
  const { rolloutId, seq, call } = row;
  const { done, refused, detail, putBack, lost } = verdict;
  if (lost) await recordHold(db, rolloutId, detail ?? '');
  await recordOutcome(db, {
    rolloutId,
    seq,
    call,
    outcome: 'planned',
    answered: null,
    isSettled: false,
    done: done.filter((change) => !isAmong(row.done, change)),
    doneSoFar: done,
    refused,
    detail,
    putBack,
    trackingId: null,
    actor: 'unknown',
    ownsAdditions: false,
  });
  return true;
}
