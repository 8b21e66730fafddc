/** Rollouts, their stored plans with outcomes, and what they led to. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Note } from '../../domain/model/note';
import type { Change } from '../../domain/model/change';
import type { Holdings } from '../../domain/model/user';
import type { Outcome, Pending } from '../../domain/model/outcome';
import type { PlanBasis } from '../../domain/plan/aged/plan-basis';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import { writingPhases, type Phase } from '../../domain/rollout/rollout-phase';
import type { WorkTrouble } from '../../domain/rollout/waiting-for';
import type { Telling } from '../../domain/rollout/telling';
import type { NextRequest } from '../../domain/request/next-request';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import type { WaitEnd } from '../../domain/watch/waits';
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
    /** R25: one user-started rollout that writes per organization, even if several start at once. */
    uniqueIndex('rollout_one_writing')
      .on(t.orgId)
      .where(sql`phase IN (${literals(writingPhases)}) AND NOT automatic`),
  ],
);

export const rolloutUser = pgTable(
  'rollout_user',
  {
    orgId: orgId(),
    rolloutId: uuid('rollout_id').notNull(),
    seq: integer('seq').notNull(),
    personId: text('person_id').notNull(),
    email: text('email').notNull(),
    displayName: text('display_name').notNull(),
    wave: smallint('wave'),
    step: smallint('step'),
    before: jsonb('before').$type<Holdings>().notNull(),
    changes: jsonb('changes').$type<Change[]>().notNull(),
    kept: jsonb('kept').$type<Note[]>().notNull(),
    blocked: jsonb('blocked').$type<Note[]>().notNull(),
    waiting: jsonb('waiting').$type<Change[]>().notNull(),
    expected: jsonb('expected').$type<Holdings>().notNull(),
    pending: text('pending').$type<Pending>(),
    outcome: text('outcome').$type<Outcome>().notNull(),
    /** Changes that Webex refused, and why; one line where something went wrong. */
    refused: jsonb('refused').$type<Change[]>(),
    detail: text('detail'),
    /** While planned: since when its attempts fail. */
    troubleSince: instant('trouble_since'),
    /** An addition was refused: these put back what the same call removed (R95, R40). */
    putBack: jsonb('put_back').$type<Change[]>(),
    /** How often Webex refused that, or no read showed it; and when to try, or to look, next. */
    owedTries: smallint('owed_tries').notNull().default(0),
    owedNextAt: instant('owed_next_at'),
    /** What an answer said was put back, and when; null once a read shows it. */
    restored: jsonb('restored').$type<Change[]>(),
    restoredAt: instant('restored_at'),
    attempts: smallint('attempts').notNull().default(0),
    /** Calls permitted so far, the forgotten ones too: it only grows, so it names a call. */
    calls: integer('calls').notNull().default(0),
    /** The call whose answer is recorded: a second record of it changes nothing. */
    recordedCall: integer('recorded_call'),
    /** The first call that may have done its work without anybody knowing; null once an answer shows. */
    unansweredCall: integer('unanswered_call'),
    /** What earlier calls for these changes have done, where a user needs several. */
    done: jsonb('done').$type<Change[]>(),
    /** Set in the transaction that permits the call; an open intent is a write with unknown outcome. */
    intentAt: instant('intent_at'),
    /** While the call may be under way; null once it has returned. */
    inFlightUntil: instant('in_flight_until'),
    writtenAt: instant('written_at'),
    /** What the answer showed. */
    answered: jsonb('answered').$type<Holdings>(),
    convergedAt: instant('converged_at'),
    /** When the write was repeated to learn what no read shows (attendee accounts). */
    repeatedAt: instant('repeated_at'),
    trackingId: text('tracking_id'),
    /** The reaction's rollout that took up what waits here for a unit (R46). */
    takenUpBy: uuid('taken_up_by'),
    /** Since when it waits, where that was before this rollout: it took up what waited. */
    waitsSince: instant('waits_since'),
    /** Changes that aren't waited for any more, as `changeKey` names them, and why (R107). */
    waitsOver: jsonb('waits_over').$type<Record<string, WaitEnd>>(),
    /** When nothing was left to wait for. */
    waitEndedAt: instant('wait_ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.rolloutId, t.seq] }),
    uniqueIndex('rollout_user_once').on(t.rolloutId, t.personId),
    index('rollout_user_by_outcome').on(t.rolloutId, t.outcome, t.seq),
    index('rollout_user_by_person').on(t.orgId, t.personId),
    /** Users who wait for a unit, over all rollouts. */
    index('rollout_user_waiting')
      .on(t.orgId, t.personId)
      .where(sql`pending IS NOT NULL AND taken_up_by IS NULL AND wait_ended_at IS NULL`),
    index('rollout_user_in_flight')
      .on(t.rolloutId)
      .where(sql`in_flight_until IS NOT NULL`),
    /** One call of a user under way at a time, also of rows that are closed. */
    uniqueIndex('rollout_user_one_call')
      .on(t.orgId, t.personId)
      .where(sql`in_flight_until IS NOT NULL`),
    /** Users whose attempts fail. */
    index('rollout_user_in_trouble')
      .on(t.rolloutId)
      .where(sql`outcome = 'planned' AND trouble_since IS NOT NULL`),
    /** Users to whom something is owed (R95). */
    index('rollout_user_owed')
      .on(t.orgId)
      .where(sql`put_back IS NOT NULL`),
    /** Users to whom something was put back that no read has shown yet. */
    index('rollout_user_restored')
      .on(t.orgId)
      .where(sql`restored IS NOT NULL`),
    /** One open write per user at a time, in whichever rollout. */
    uniqueIndex('rollout_user_one_open')
      .on(t.orgId, t.personId)
      .where(sql`outcome = 'planned' AND intent_at IS NOT NULL`),
  ],
);
