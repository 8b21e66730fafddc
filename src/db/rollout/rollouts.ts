import { and, eq, gte, inArray, notInArray, sql } from 'drizzle-orm';
import type { Outcome } from '../../domain/model/outcome';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import {
  finalPhases,
  isWriting,
  writingPhases,
  type Phase,
} from '../../domain/rollout/rollout-phase';
import type { Queryable } from '../connect';
import { newestFirst } from '../newest-first';
import { rollout } from '../schema';
import { tallyOf } from '../write/tally';

export type RolloutRow = typeof rollout.$inferSelect;

/** Call it in the transaction of the audit event, before the workflow starts. */
export async function insertRollout(
  db: Queryable,
  row: typeof rollout.$inferInsert,
): Promise<RolloutRow> {
  const [inserted] = await db.insert(rollout).values(row).returning();
  if (!inserted) throw new Error('a stored rollout was not returned');
  return inserted;
}

export async function findRollout(
  db: Queryable,
  orgId: string,
  rolloutId: string,
): Promise<RolloutRow | undefined> {
  const [row] = await db
    .select()
    .from(rollout)
    .where(and(eq(rollout.orgId, orgId), eq(rollout.rolloutId, rolloutId)));
  return row;
}

/** What lists show of a rollout: without its plan and its request, which can be large. */
export type RolloutBrief = Pick<RolloutRow, (typeof briefColumns)[number]> & {
  kind: RolloutRequest['change']['kind'];
};

const briefColumns = [
  'orgId',
  'rolloutId',
  'title',
  'phase',
  'phaseVersion',
  'paused',
  'templateId',
  'templateRevision',
  'createdAt',
  'createdBy',
  'startedAt',
  'startedBy',
  'endedAt',
] as const satisfies readonly (keyof RolloutRow)[];

export interface RolloutFilter {
  orgId: string;
  phases: Phase[] | null;
  templateId: string | null;
  createdAfter: Date | null;
  /** The last rollout of the page before. */
  after: { createdAt: Date; rolloutId: string } | null;
  limit: number;
}

/** Newest first. */
export function listRollouts(db: Queryable, filter: RolloutFilter): Promise<RolloutBrief[]> {
  const { after } = filter;
  const cursor = after && { createdAt: after.createdAt, id: after.rolloutId };
  const { isAfter, order } = newestFirst(rollout.createdAt, rollout.rolloutId, cursor);
  const columns = Object.fromEntries(briefColumns.map((name) => [name, rollout[name]])) as Pick<
    typeof rollout,
    (typeof briefColumns)[number]
  >;
  return db
    .select({
      ...columns,
      kind: sql<RolloutBrief['kind']>`${rollout.request}->'change'->>'kind'`,
    })
    .from(rollout)
    .where(
      and(
        eq(rollout.orgId, filter.orgId),
        filter.phases === null ? undefined : inArray(rollout.phase, filter.phases),
        filter.templateId === null ? undefined : eq(rollout.templateId, filter.templateId),
        filter.createdAfter === null ? undefined : gte(rollout.createdAt, filter.createdAfter),
        isAfter,
      ),
    )
    .orderBy(...order)
    .limit(filter.limit);
}

/**
 * The rollout that writes now and keeps others from starting (R25); undefined if there is none. Reactions
 * of the watch keep nobody from starting.
 */
export async function findWritingRollout(
  db: Queryable,
  orgId: string,
): Promise<RolloutRow | undefined> {
  const [row] = await db
    .select()
    .from(rollout)
    .where(
      and(
        eq(rollout.orgId, orgId),
        inArray(rollout.phase, [...writingPhases]),
        eq(rollout.automatic, false),
      ),
    );
  return row;
}

/** The same as seen from a rollout that was just read: while it writes, it is the one itself. */
export async function findWritingBeside(
  db: Queryable,
  row: RolloutRow,
): Promise<RolloutRow | undefined> {
  return isWriting(row.phase) && !row.automatic ? row : await findWritingRollout(db, row.orgId);
}

/** Rollouts of a template that haven't ended, oldest first. */
export function livingRolloutsOf(db: Queryable, templateId: string): Promise<RolloutRow[]> {
  return db
    .select()
    .from(rollout)
    .where(and(eq(rollout.templateId, templateId), notInArray(rollout.phase, [...finalPhases])))
    .orderBy(rollout.createdAt);
}

/** Rows of a rollout by outcome; outcomes without users are absent. */
export async function countOutcomes(
  db: Queryable,
  rolloutId: string,
): Promise<Partial<Record<Outcome, number>>> {
  const { rows } = await db.execute<{ outcome: Outcome; users: number }>(sql`
    SELECT outcome, sum(users)::int AS users FROM ${tallyOf(rolloutId)} t
    GROUP BY outcome HAVING sum(users) <> 0 ORDER BY outcome`);
  return Object.fromEntries(rows.map((row) => [row.outcome, row.users]));
}

/**
 * Reopens an ended rollout for its failed users. It is then the organization's writing rollout (R25;
 * the unique index refuses a second one). Undefined if its phase has changed since.
 */
export async function beginRetry(
  db: Queryable,
  retry: { rolloutId: string; phaseVersion: number; workflowId: string },
): Promise<RolloutRow | undefined> {
  const [row] = await db
    .update(rollout)
    .set({
      phase: 'rolling-out',
      phaseVersion: retry.phaseVersion + 1,
      retries: sql`${rollout.retries} + 1`,
      workflowId: retry.workflowId,
      phaseReason: null,
      endedAt: null,
      // From here on the retry verifies everybody.
      verifyingUntil: null,
    })
    .where(
      and(eq(rollout.rolloutId, retry.rolloutId), eq(rollout.phaseVersion, retry.phaseVersion)),
    )
    .returning();
  return row;
}

/** Rollouts of all organizations by phase, for metrics. */
export function countPhases(db: Queryable): Promise<{ phase: Phase; rollouts: number }[]> {
  return db
    .select({ phase: rollout.phase, rollouts: sql<number>`count(*)::int` })
    .from(rollout)
    .groupBy(rollout.phase);
}
