import { and, asc, eq, gt, ilike, inArray, or, sql } from 'drizzle-orm';
import type { Outcome } from '../domain/model';
import type { Queryable } from './connect';
import { rolloutUser } from './schema';

export type RolloutUserRow = typeof rolloutUser.$inferSelect;

export interface RolloutUserFilter {
  rolloutId: string;
  outcomes: Outcome[] | null;
  wave: number | null;
  /** True: only users for whom a write is planned; false: only the others. */
  changed: boolean | null;
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
  const like = filter.text === null ? null : `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`;
  const hasChanges = sql`jsonb_array_length(${rolloutUser.changes}) > 0`;
  return db
    .select()
    .from(rolloutUser)
    .where(
      and(
        eq(rolloutUser.rolloutId, filter.rolloutId),
        gt(rolloutUser.seq, filter.afterSeq),
        filter.outcomes === null ? undefined : inArray(rolloutUser.outcome, filter.outcomes),
        filter.wave === null ? undefined : eq(rolloutUser.wave, filter.wave),
        filter.changed === null ? undefined : filter.changed ? hasChanges : sql`NOT ${hasChanges}`,
        like === null
          ? undefined
          : or(ilike(rolloutUser.email, like), ilike(rolloutUser.displayName, like)),
      ),
    )
    .orderBy(asc(rolloutUser.seq))
    .limit(filter.limit);
}
