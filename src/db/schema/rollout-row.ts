/**
 * Rows of stored plans. What many users of a plan have in common is stored once, as their content: what
 * they hold, the changes with the license of each, and every note. A row names its content, and has of its
 * own only what its user has alone, or has since: those columns win. Reads go through the view
 * `rollout_user`, where a user is whole; it can be updated, except for what it puts together.
 */
import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Change } from '../../domain/model/change';
import type { Note } from '../../domain/model/note';
import type { Outcome, Pending } from '../../domain/model/outcome';
import type { Holdings } from '../../domain/model/user';
import type { WaitEnd } from '../../domain/watch/waits';
import { instant, orgId } from './columns';

/** What a plan says of a user, whole. */
const contentColumns = () => ({
  before: jsonb('before').$type<Holdings>().notNull(),
  changes: jsonb('changes').$type<Change[]>().notNull(),
  kept: jsonb('kept').$type<Note[]>().notNull(),
  blocked: jsonb('blocked').$type<Note[]>().notNull(),
  waiting: jsonb('waiting').$type<Change[]>().notNull(),
  expected: jsonb('expected').$type<Holdings>().notNull(),
});

const planColumns = () => ({
  orgId: orgId(),
  rolloutId: uuid('rollout_id').notNull(),
  seq: integer('seq').notNull(),
  personId: text('person_id').notNull(),
  email: text('email').notNull(),
  displayName: text('display_name').notNull(),
  wave: smallint('wave'),
  step: smallint('step'),
  pending: text('pending').$type<Pending>(),
  outcome: text('outcome').$type<Outcome>().notNull(),
  /** The content of the row, by its number in the plan; null: everything is its own. */
  content: integer('content'),
});

/** What has become of it. */
const outcomeColumns = () => ({
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
});

const rowColumns = () => ({ ...planColumns(), ...outcomeColumns() });

/** What only its user has, or has by now. */
const ownColumns = () => ({
  ownBefore: jsonb('own_before').$type<Holdings>(),
  ownChanges: jsonb('own_changes').$type<Change[]>(),
  ownKept: jsonb('own_kept').$type<Note[]>(),
  ownBlocked: jsonb('own_blocked').$type<Note[]>(),
  ownWaiting: jsonb('own_waiting').$type<Change[]>(),
  ownExpected: jsonb('own_expected').$type<Holdings>(),
});

export const rolloutContent = pgTable(
  'rollout_content',
  {
    rolloutId: uuid('rollout_id').notNull(),
    content: integer('content').notNull(),
    ...contentColumns(),
  },
  (t) => [primaryKey({ columns: [t.rolloutId, t.content] })],
);

export const rolloutRow = pgTable('rollout_row', { ...rowColumns(), ...ownColumns() }, (t) => [
  primaryKey({ columns: [t.rolloutId, t.seq] }),
  /** A user once per plan; and all plans of a user. */
  uniqueIndex('rollout_user_of_person').on(t.personId, t.rolloutId),
  index('rollout_user_by_outcome').on(t.rolloutId, t.outcome, t.seq),
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
]);

/** The rows, each with its content. */
export const rolloutUser = pgView('rollout_user', {
  ...rowColumns(),
  ...contentColumns(),
}).existing();
