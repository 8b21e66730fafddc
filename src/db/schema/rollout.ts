/** Rollouts. The users of their plans are in `rollout-row.ts`. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { PlanBasis } from '../../domain/plan/aged/plan-basis';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import { writingPhases, type Phase } from '../../domain/rollout/rollout-phase';
import type { WorkTrouble } from '../../domain/rollout/waiting-for';
import type { Telling } from '../../domain/rollout/telling';
import type { NextRequest } from '../../domain/request/next-request';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import { literals } from '../sql';
import { instant, orgId } from './columns';

export const rollout = pgTable(
  'rollout',
  {
    orgId: orgId(),
    rolloutId: uuid('rollout_id').primaryKey(),
    request: jsonb('request').$type<RolloutRequest>().notNull(),
    /** One line for people and the Temporal UI: `domain/rollout-title.ts`. */
    title: text('title').notNull(),
    /** A reaction of the watch: it starts automatically, and R25 doesn't count it. */
    automatic: boolean('automatic').notNull().default(false),
    templateId: uuid('template_id'),
    templateRevision: integer('template_revision'),
    phase: text('phase').$type<Phase>().notNull(),
    /** Grows with every change of phase or flag; actions name the one they were meant for. */
    phaseVersion: integer('phase_version').notNull().default(1),
    paused: boolean('paused').notNull().default(false),
    /** While paused: who asked for it, and why. */
    pausedBy: text('paused_by'),
    /** When it last went on: its last move, or the end of a pause. Null: before this was recorded. */
    wentOnAt: instant('went_on_at'),
    pauseReason: text('pause_reason'),
    /**
     * A person asked to stop: no permit is given from here on, although no workflow has taken the
     * action yet. Set in the transaction that accepts `pause` or `abort`.
     */
    brakeAt: instant('brake_at'),
    /** A guard tripped: nothing is written until `resume`. Set in the transaction of the failure. */
    hold: text('hold'),
    /** What the failure guard had counted when the rollout was last resumed. */
    guardFrom: jsonb('guard_from').$type<{ written: number; failed: number }>(),
    /** Limits of the failure guard, out of the request: each permit reads them. */
    failurePercent: doublePrecision('failure_percent')
      .notNull()
      .generatedAlwaysAs(
        sql`coalesce((request->'guards'->>'failurePercent')::double precision, 5)`,
      ),
    /** Requests of 0.1.0 have a smallest sample instead: see `completeRequest`. */
    failureMin: integer('failure_min').notNull().generatedAlwaysAs(sql`coalesce(
      (request->'guards'->>'failureMin')::integer,
      greatest(3, ceil((request->'guards'->>'failureMinSample')::numeric
        * (request->'guards'->>'failurePercent')::numeric / 100))::integer)`),
    /**
     * Rows of `rollout_user` that were written, that failed, that have a write under way, and that
     * wait between two attempts. A trigger counts in the statement that changes a row.
     */
    usersWritten: integer('users_written').notNull().default(0),
    usersFailed: integer('users_failed').notNull().default(0),
    usersInFlight: integer('users_in_flight').notNull().default(0),
    usersBetweenAttempts: integer('users_between_attempts').notNull().default(0),
    /** When its counters were last compared with its rows. */
    countedAt: instant('counted_at'),
    /** Why it is halted, failed, aborted: one line. */
    phaseReason: text('phase_reason'),
    /** The phase to which `resume` leads back from `halted`. */
    haltedFrom: text('halted_from').$type<Phase>(),
    /** Why its last read of Webex failed; null once one has succeeded. */
    readTrouble: text('read_trouble'),
    /** Why the plan was found to be out of date when somebody last asked to go on (R101); null: it wasn't. */
    planStale: text('plan_stale'),
    /** An activity that fails by itself, not by an answer or an outage; null once it has succeeded. */
    workTrouble: jsonb('work_trouble').$type<WorkTrouble>(),
    /** What it waits for, one line for people. */
    waitingFor: text('waiting_for'),
    /** What its workflow was told that it waits for. */
    told: jsonb('told').$type<Telling>(),
    wave: smallint('wave'),
    /** While the last written wave soaks: until when. */
    soaksUntil: instant('soaks_until'),
    summary: jsonb('summary').$type<PlanSummary>(),
    /** SHA-256 over the stored rows, hex. */
    digest: text('digest'),
    /** What the plan was made from, or found to be unchanged by (R101); null in plans of 0.1.0. */
    basis: jsonb('basis').$type<PlanBasis>(),
    /** Templates and settings as of the check before the wave, and when that was; null before the first. */
    checkedMark: text('checked_mark'),
    checkedAt: instant('checked_at'),
    /** A request to plan again that isn't planned yet (R102). */
    nextRequest: jsonb('next_request').$type<NextRequest>(),
    /** The rollout whose users this one has taken up (R102). */
    replanOf: uuid('replan_of'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    plannedAt: instant('planned_at'),
    /** When a plan that nobody started expires. */
    expiresAt: instant('expires_at'),
    startedAt: instant('started_at'),
    startedBy: text('started_by'),
    lastWriteAt: instant('last_write_at'),
    /** When verification ends. */
    deadlineAt: instant('deadline_at'),
    /** It has ended early, and the users who were written are still verified until then (R99). */
    verifyingUntil: instant('verifying_until'),
    endedAt: instant('ended_at'),
    /** The workflow that runs it now: the rollout itself, or its latest retry. */
    workflowId: text('workflow_id').notNull(),
    retries: integer('retries').notNull().default(0),
  },
  (t) => [
    index('rollout_by_org').on(t.orgId, t.createdAt),
    /** The rollouts that have taken up what one left. */
    index('rollout_by_replan_of')
      .on(t.replanOf)
      .where(sql`replan_of IS NOT NULL`),
    /** R25: one user-started rollout that writes per organization, even if several start at once. */
    uniqueIndex('rollout_one_writing')
      .on(t.orgId)
      .where(sql`phase IN (${literals(writingPhases)}) AND NOT automatic`),
  ],
);
