import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { Change } from '../../domain/model/change';
import type { Note } from '../../domain/model/note';
import type { Holdings } from '../../domain/model/user';
import type { SignInState } from '../../domain/rollout/activation';
import type { Queryable } from '../connect';
import { directoryUser, rolloutUser } from '../schema';
import { sharedJson } from '../shared-json';

/** What many users of a rollout have in common: for all of them it is the same object. */
export interface ReportContent {
  before: Holdings;
  changes: Change[];
  refused: Change[] | null;
  waiting: Change[];
  kept: Note[];
  blocked: Note[];
}

const contentColumns = ['before', 'changes', 'refused', 'waiting', 'kept', 'blocked'] as const;

/** As one text, a line per column: PostgreSQL writes no line ends into JSON. */
const contentText = sql<string>`concat_ws(E'\n', ${sql.join(
  contentColumns.map((name) => sql`coalesce(${rolloutUser[name]}::text, 'null')`),
  sql`, `,
)})`;

function readContent(text: string): ReportContent {
  const lines = text.split('\n');
  const values = contentColumns.map((name, at): [string, unknown] => [
    name,
    JSON.parse(lines[at] ?? 'null'),
  ]);
  return Object.fromEntries(values) as unknown as ReportContent;
}

const ownColumns = {
  seq: rolloutUser.seq,
  personId: rolloutUser.personId,
  email: rolloutUser.email,
  displayName: rolloutUser.displayName,
  outcome: rolloutUser.outcome,
  wave: rolloutUser.wave,
  detail: rolloutUser.detail,
  attempts: rolloutUser.attempts,
  writtenAt: rolloutUser.writtenAt,
  convergedAt: rolloutUser.convergedAt,
  trackingId: rolloutUser.trackingId,
};

/** A user as a report shows them, and what the last read showed of their signing in. */
export type ReportRow = Pick<typeof rolloutUser.$inferSelect, keyof typeof ownColumns> &
  SignInState & { content: ReportContent };

/** Reads the rows of a rollout for its report, in order of service, page after page. */
export function reportRows(
  db: Queryable,
  rolloutId: string,
): (page: { afterSeq: number; limit: number }) => Promise<ReportRow[]> {
  const contentOf = sharedJson(undefined, readContent);
  return async ({ afterSeq, limit }) => {
    const rows = await db
      .select({
        ...ownColumns,
        content: contentText,
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
      .where(and(eq(rolloutUser.rolloutId, rolloutId), gt(rolloutUser.seq, afterSeq)))
      .orderBy(asc(rolloutUser.seq))
      .limit(limit);
    return rows.map(({ content, ...row }) => ({ ...row, content: contentOf(content) }));
  };
}
