import type { UserRef } from '../../contract/activities';
import type { Db, Queryable } from '../../db/connect';
import { readCheckMark } from '../../db/plan/plan-store';
import { findRequest } from '../../db/rollout/request';
import { recordUnwritten } from '../../db/rollout/wave-rows';
import { longBusyWith } from '../../db/write/busy-users';
import { takePermit, type KnownMembers, type Permit } from '../../db/write/permit';
import { PlanImpossibleError } from '../../domain/kinds/plan-context';
import { agedDetail, oneSnapshot } from './check-plan';
import { differingRows } from './differing-rows';
import { RememberedContext } from './remembered-context';

/**
 * Permission for one write. A user whom another rollout keeps open for long is `conflict`. R101: where a template, a setting or a membership of the user has changed
 * since the check before the wave, the user is decided again first, and the permission counts only for
 * what that decision was made from.
 */
export async function takeDecidedPermit(
  db: Db,
  user: UserRef,
  remembered = new RememberedContext(),
  members?: KnownMembers,
): Promise<Permit> {
  const { rolloutId, seq } = user;
  const known = members ? { members } : {};
  const permit = await takePermit(db, rolloutId, seq, known);
  if (permit.kind === 'user-busy') {
    const other = await longBusyWith(db, { rolloutId, seq });
    return other === null ? permit : await conflict(db, user, busyDetail(other));
  }
  if (permit.kind !== 'aged') return permit;
  const { why, mark } = await db.transaction(
    (tx) => decideAgain(tx, user, remembered),
    oneSnapshot,
  );
  if (why === null) return await takePermit(db, rolloutId, seq, { ...known, decidedMark: mark });
  return await conflict(db, user, agedDetail(why));
}

async function conflict(db: Db, { rolloutId, seq }: UserRef, detail: string): Promise<Permit> {
  await recordUnwritten(db, { rolloutId, seqs: [seq], outcome: 'conflict', detail });
  return { kind: 'done', outcome: 'conflict' };
}

function busyDetail(other: string): string {
  return `another rollout has not finished its write of this user: ${other}`;
}

async function decideAgain(
  tx: Queryable,
  user: UserRef,
  remembered: RememberedContext,
): Promise<{ why: string | null; mark: string }> {
  const { rolloutId, seq } = user;
  const { mark } = await readCheckMark(tx, rolloutId);
  const request = await findRequest(tx, rolloutId);
  if (!request) throw new Error(`Rollout ${rolloutId} is not in the database`);
  try {
    const { context, query } = await remembered.read(tx, user, { mark, request });
    const onPage = () => undefined;
    const rows = await differingRows(tx, { rolloutId, seq, context, query, onPage });
    return { why: [...rows.keys()][0] ?? null, mark };
  } catch (error) {
    if (!(error instanceof PlanImpossibleError)) throw error;
    return { why: error.message, mark };
  }
}
