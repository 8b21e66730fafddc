/** Whether Webex shows what was put back: only its answers have said so until then (R95, R99). */
import { readSettings } from '../../../db/admin/settings';
import {
  lookLater,
  recordOwedAgain,
  recordSeen,
  restoredRows,
  type RestoredRow,
} from '../../../db/write/owed';
import { moveOn, type RowCursor } from '../../../db/write/row-cursor';
import type { Holdings } from '../../../domain/model/user';
import { judgeRestored, nextLookMs, nextPutBackMs } from '../../../domain/write/owed';
import type { ActivityDeps } from '../../activity/deps';
import { readHoldings, usersPerTurn } from './doubtful-users';

type Deps = Pick<ActivityDeps, 'db' | 'webex' | 'orgId'>;

/**
 * Reads users to whom something was put back. What no read shows until the deadline is owed again. Where
 * Webex doesn't answer, nothing is judged. Returns the number of users who are owed something again.
 */
export async function lookAtRestored(
  { db, webex, orgId }: Deps,
  cursor: RowCursor = { after: null },
): Promise<number> {
  const rows = await restoredRows(db, orgId, { ...cursor, limit: usersPerTurn });
  moveOn(cursor, rows, usersPerTurn);
  if (rows.length === 0) return 0;
  const { verification } = (await readSettings(db, orgId)).settings;
  const seen = await readHoldings(webex, rows);
  let owed = 0;
  const failures: unknown[] = [];
  for (const row of rows) {
    const look = {
      holdings: seen.get(row.personId),
      deadlineMs: verification.deadlineSeconds * 1_000,
    };
    try {
      if (await judge(db, row, look)) owed += 1;
    } catch (error) {
      // One that can't be recorded doesn't keep those behind it waiting.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return owed;
}

async function judge(
  db: Deps['db'],
  row: RestoredRow,
  { holdings, deadlineMs }: { holdings: Holdings | undefined; deadlineMs: number },
): Promise<boolean> {
  if (!holdings) {
    await lookLater(db, row, nextLookMs(row.ageMs, Infinity));
    return false;
  }
  const verdict = judgeRestored({ ...row, deadlineMs }, holdings);
  switch (verdict.kind) {
    case 'seen':
      await recordSeen(db, row);
      return false;
    case 'wait':
      await lookLater(db, row, verdict.nextMs);
      return false;
    case 'owed':
      await recordOwedAgain(db, row, { owed: verdict.owed, retryMs: nextPutBackMs(row.tries) });
      return true;
  }
}
