/** Reads of the directory, and what is believed of the lists that they showed (R88, R93). */
import { bigserial, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Refusal } from '../../domain/watch/believe';
import { instant, orgId } from './columns';

/**
 * A read of the directory. Its number, not a clock, says what was seen in which read; its times are the
 * database's, but where Webex says its own (R93).
 */
export const directoryRead = pgTable('directory_read', {
  readId: bigserial('read_id', { mode: 'number' }).primaryKey(),
  orgId: orgId(),
  startedAt: instant('started_at').notNull().defaultNow(),
  /** Webex's time at its first answer, in whole seconds. Null: it gave none that is believed. */
  webexAt: instant('webex_at'),
  /** What a check has read and not compared yet, because something waits for a second read (R89). */
  pending: jsonb('pending').$type<Record<string, unknown>>(),
});

/** What is believed of each list, and what was refused (R88). */
export const directoryBelief = pgTable(
  'directory_belief',
  {
    orgId: orgId(),
    /** `people`, `groups`, `licenses`, `members:<group id>` or `holders:<license id>`. */
    list: text('list').notNull(),
    /** Entries of the last accepted read. */
    acceptedCount: integer('accepted_count'),
    acceptedAt: instant('accepted_at'),
    /** A list that a person has accepted although it lacks a part: what it showed, and what Webex promised. */
    partShown: integer('part_shown'),
    partPromised: integer('part_promised'),
    /** Entries that another source gave at that time, and now: SCIM's total, or units of licenses. */
    acceptedOther: integer('accepted_other'),
    otherCount: integer('other_count'),
    otherSource: text('other_source').$type<'scim' | 'licenses'>(),
    /** Null: the last read was believed. */
    refusal: text('refusal').$type<Refusal>(),
    refusedBefore: integer('refused_before'),
    refusedNow: integer('refused_now'),
    refusedMissing: integer('refused_missing'),
    refusedSince: instant('refused_since'),
    refusedAt: instant('refused_at'),
    /** Reads in a row that were refused. */
    refusedReads: integer('refused_reads').notNull().default(0),
    /** What a person has accepted: so many entries shown, so many missing. It holds until the list is believed. */
    grantShown: integer('grant_shown'),
    grantMissing: integer('grant_missing'),
    grantedBy: text('granted_by'),
    grantReason: text('grant_reason'),
    grantedAt: instant('granted_at'),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.list] })],
);
