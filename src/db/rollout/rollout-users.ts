import {
  and,
  asc,
  eq,
  getViewSelectedFields,
  gt,
  ilike,
  inArray,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { SignInState } from '../../domain/rollout/activation';
import type { NoteCode } from '../../domain/model/note';
import type { Outcome } from '../../domain/model/outcome';
import type { Queryable } from '../connect';
import { hasAddressLike } from '../directory/find-directory';
import { likePattern } from '../sql';
import { directoryUser, rolloutUser } from '../schema';
import { signInOf, signInState } from './sign-in';

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
  /** Users with a note of one of these codes about something that stays. */
  kept?: NoteCode[] | null;
  /** True: only users of whom the plan takes something and gives nothing in exchange; false: only the others. */
  losing?: boolean | null;
  /** Part of any e-mail address or of the display name, without case. */
  text: string | null;
  afterSeq: number;
  limit: number;
}

/** A removal that isn't half of a replacement, also one that waits for a unit. */
const losesSomething = sql`(${rolloutUser.changes} || ${rolloutUser.waiting})
  @? '$[*] ? (@.operation == "remove" && @.replacement == false)'`;

function isOrIsnt(condition: SQL, wanted: boolean | null): SQL | undefined {
  if (wanted === null) return undefined;
  return wanted ? condition : sql`NOT ${condition}`;
}

function hasNote(notes: PgColumn, codes: NoteCode[] | null): SQL | undefined {
  if (codes === null) return undefined;
  return sql`EXISTS (SELECT 1 FROM jsonb_array_elements(${notes}) n WHERE n->>'code' IN ${codes})`;
}

/** In order of service. */
export async function listRolloutUsers(
  db: Queryable,
  filter: RolloutUserFilter,
): Promise<RolloutUserRow[]> {
  const like = filter.text === null ? null : likePattern(filter.text);
  const hasChanges = sql`jsonb_array_length(${rolloutUser.changes}) > 0`;
  const rows = await db
    .select({
      ...getViewSelectedFields(rolloutUser),
      signIn: signInOf(rolloutUser),
    })
    .from(rolloutUser)
    .where(
      and(
        eq(rolloutUser.rolloutId, filter.rolloutId),
        gt(rolloutUser.seq, filter.afterSeq),
        filter.outcomes === null ? undefined : inArray(rolloutUser.outcome, filter.outcomes),
        filter.wave === null ? undefined : eq(rolloutUser.wave, filter.wave),
        isOrIsnt(hasChanges, filter.changed),
        isOrIsnt(losesSomething, filter.losing ?? null),
        hasNote(rolloutUser.blocked, filter.blocked ?? null),
        hasNote(rolloutUser.kept, filter.kept ?? null),
        like === null
          ? undefined
          : or(
              ilike(rolloutUser.email, like),
              ilike(rolloutUser.displayName, like),
              hasOtherAddressLike(filter.text),
            ),
      ),
    )
    .orderBy(asc(rolloutUser.seq))
    .limit(filter.limit);
  return rows.map(({ signIn, ...row }) => ({ ...row, ...signInState(signIn) }));
}

/** Any address that the mirror has of the row's user. */
function hasOtherAddressLike(text: string | null): SQL {
  return sql`EXISTS (SELECT 1 FROM ${directoryUser}
    WHERE ${eq(directoryUser.orgId, rolloutUser.orgId)}
      AND ${eq(directoryUser.personId, rolloutUser.personId)} AND ${hasAddressLike(text)})`;
}
