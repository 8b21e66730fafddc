/** What the watch of the directory remembers between its checks, and what it found. */
import { sql } from 'drizzle-orm';
import {
  bigserial,
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
import type { ReactionCause, ReactionMode } from '../../domain/watch/reaction';
import { instant, orgId } from './columns';

export const watchState = pgTable('watch_state', {
  orgId: orgId().primaryKey(),
  /** Start of the first check, which changes nobody: users first seen later are new (R15). */
  baselineAt: instant('baseline_at'),
  /** Where the next check begins: `meta.lastModified` of the newest user seen, where SCIM may be read. */
  cursor: jsonb('cursor').$type<Record<string, unknown>>().notNull().default({}),
  lookedAt: instant('looked_at'),
  /** What the last check read: `scim` or `people`. */
  readBy: text('read_by'),
  /** Why the last check failed; null after one that succeeded. */
  lastError: text('last_error'),
  looks: integer('looks').notNull().default(0),
});

/** Templated groups whose members the watch has seen: a membership seen for the first time is not a change (R29). */
export const watchGroup = pgTable(
  'watch_group',
  {
    orgId: orgId(),
    groupId: text('group_id').notNull(),
    since: instant('since').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.groupId] })],
);

/** Memberships as the watch last saw them. */
export const watchMember = pgTable(
  'watch_member',
  {
    orgId: orgId(),
    groupId: text('group_id').notNull(),
    personId: text('person_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.orgId, t.groupId, t.personId] }),
    index('watch_member_by_person').on(t.orgId, t.personId),
  ],
);

/** Users to reconcile, and why. A rollout of kind `reconcile` handles them. */
export const reaction = pgTable(
  'reaction',
  {
    reactionId: bigserial('reaction_id', { mode: 'number' }).primaryKey(),
    orgId: orgId(),
    personId: text('person_id').notNull(),
    mode: text('mode').$type<ReactionMode>().notNull(),
    causes: jsonb('causes').$type<ReactionCause[]>().notNull(),
    foundAt: instant('found_at').notNull().defaultNow(),
    /** The rollout that handles it; null while it waits. */
    rolloutId: uuid('rollout_id'),
    /** When the rollout ended, or nothing was left to do. */
    closedAt: instant('closed_at'),
    /** Writes that failed so far (R100). */
    attempts: smallint('attempts').notNull().default(0),
    /** It isn't tried again earlier (R100). */
    notBefore: instant('not_before'),
    /** Why the last write failed; one line. */
    failure: text('failure'),
    /** Tried for a day without success: a person has to act (R100). */
    gaveUpAt: instant('gave_up_at'),
  },
  (t) => [
    /** One per waiting user: later findings are merged into it. */
    uniqueIndex('reaction_one_waiting')
      .on(t.orgId, t.personId)
      .where(sql`rollout_id IS NULL AND closed_at IS NULL`),
    index('reaction_by_rollout').on(t.rolloutId),
    index('reaction_by_person').on(t.orgId, t.personId),
    /** Users who wait for a person: few. */
    index('reaction_given_up')
      .on(t.orgId, t.personId)
      .where(sql`gave_up_at IS NOT NULL`),
  ],
);
