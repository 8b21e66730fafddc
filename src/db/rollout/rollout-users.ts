import { and, asc, eq, getTableColumns, gt, ilike, inArray, or, sql } from 'drizzle-orm';
import type { SignInState } from '../../domain/rollout/activation';
import type { NoteCode } from '../../domain/model/note';
import type { Outcome } from '../../domain/model/outcome';
import type { Queryable } from '../connect';
import { likePattern } from '../sql';
import { directoryUser, rolloutUser } from '../schema';

/** A stored row, and what the last read showed of its user's signing in. */
export type RolloutUserRow = typeof rolloutUser.$inferSelect & SignInState;

export interface RolloutUserFilter {
  rolloutId: string;
  outcomes: Outcome[] | null;
  wave: number | null;
  /** True: only users for whom a write is planned; false: only the others. */
  changed: boolean | null;
  /** Users with a note of one of these codes: something can't be added or done. */
  blocked?: NoteCode[] | null;
  /** Part of an e-mail address or display name, without case. */
  text: string | null;
  afterSeq: number;
  limit: number;
}

/** In order of service. */
export function listRolloutUsers(
  db: Queryable,
  filter: RolloutUserFilter,
): Promise<RolloutUserRow[]> {
  const like = filter.text === null ? null : likePattern(filter.text);
  const hasChanges = sql`jsonb_array_length(${rolloutUser.changes}) > 0`;
  const blocked = filter.blocked ?? null;
  return db
    .select({
      ...getTableColumns(rolloutUser),
      status: directoryUser.status,
      invitePending: directoryUser.invitePending,
    })
    .from(rolloutUser)
    .leftJoin(
      directoryUser,
      and(
        eq(directoryUser.orgId, rolloutUser.orgId),
        eq(directoryUser.personId, rolloutUser.personId),
      ),
    )
    .where(
      and(
        eq(rolloutUser.rolloutId, filter.rolloutId),
        gt(rolloutUser.seq, filter.afterSeq),
        filter.outcomes === null ? undefined : inArray(rolloutUser.outcome, filter.outcomes),
        filter.wave === null ? undefined : eq(rolloutUser.wave, filter.wave),
        filter.changed === null ? undefined : filter.changed ? hasChanges : sql`NOT ${hasChanges}`,
        blocked === null
          ? undefined
          : sql`EXISTS (SELECT 1 FROM jsonb_array_elements(${rolloutUser.blocked}) b
              WHERE b->>'code' IN ${blocked})`,
        like === null
          ? undefined
          : or(ilike(rolloutUser.email, like), ilike(rolloutUser.displayName, like)),
      ),
    )
    .orderBy(asc(rolloutUser.seq))
    .limit(filter.limit);
}
