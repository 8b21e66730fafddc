/** Feedback of pilot users on a rollout (R85). */
import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Queryable } from '../connect';
import { feedback, rolloutUser } from '../schema';
import { textList } from '../sql';

export type FeedbackRow = typeof feedback.$inferSelect;
export type Verdict = FeedbackRow['verdict'];

export async function insertFeedback(
  db: Queryable,
  row: Pick<FeedbackRow, 'orgId' | 'rolloutId' | 'recordedBy' | 'personId' | 'verdict' | 'text'>,
): Promise<FeedbackRow> {
  const [inserted] = await db.insert(feedback).values(row).returning();
  if (!inserted) throw new Error('recorded feedback was not returned');
  return inserted;
}

/** Newest first; `before` is the id of the last one of the page before. */
export function listFeedback(
  db: Queryable,
  page: { rolloutId: string; before: number | null; limit: number },
): Promise<FeedbackRow[]> {
  const { rolloutId, before, limit } = page;
  return db
    .select()
    .from(feedback)
    .where(
      and(
        eq(feedback.rolloutId, rolloutId),
        before === null ? undefined : lt(feedback.feedbackId, before),
      ),
    )
    .orderBy(desc(feedback.feedbackId))
    .limit(limit);
}

/** Whether a user has a row in the plan of a rollout. */
export async function isUserOf(
  db: Queryable,
  rolloutId: string,
  personId: string,
): Promise<boolean> {
  const rows = await db
    .select({ seq: rolloutUser.seq })
    .from(rolloutUser)
    .where(and(eq(rolloutUser.rolloutId, rolloutId), eq(rolloutUser.personId, personId)));
  return rows.length > 0;
}

export async function countVerdicts(
  db: Queryable,
  rolloutId: string,
): Promise<Record<Verdict, number>> {
  const rows = await db
    .select({ verdict: feedback.verdict, n: sql<number>`count(*)::int` })
    .from(feedback)
    .where(eq(feedback.rolloutId, rolloutId))
    .groupBy(feedback.verdict);
  const counts = { good: 0, neutral: 0, bad: 0 };
  for (const { verdict, n } of rows) counts[verdict] = n;
  return counts;
}

/** The feedback of these users, oldest first. */
export async function feedbackOf(
  db: Queryable,
  rolloutId: string,
  users: readonly { personId: string }[],
): Promise<Map<string, FeedbackRow[]>> {
  const rows =
    users.length === 0
      ? []
      : await db
          .select()
          .from(feedback)
          .where(
            and(
              eq(feedback.rolloutId, rolloutId),
              sql`${feedback.personId} IN ${textList(users.map(({ personId }) => personId))}`,
            ),
          )
          .orderBy(feedback.feedbackId);
  const byPerson = new Map<string, FeedbackRow[]>();
  for (const row of rows) {
    const { personId } = row;
    if (personId !== null) byPerson.set(personId, [...(byPerson.get(personId) ?? []), row]);
  }
  return byPerson;
}

/** Feedback without a user. */
export function anonymousFeedback(db: Queryable, rolloutId: string): Promise<FeedbackRow[]> {
  return db
    .select()
    .from(feedback)
    .where(and(eq(feedback.rolloutId, rolloutId), isNull(feedback.personId)))
    .orderBy(feedback.feedbackId);
}
