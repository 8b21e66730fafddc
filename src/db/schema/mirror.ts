/**
 * Users and their memberships, kept with numbers instead of ids. `directory_user` and `directory_member`
 * show them with ids: everything but writes and statements that read everybody asks those.
 */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
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
import type { CallingRecord } from '../../domain/licenses/calling';
import type { Holdings, UserKind } from '../../domain/model/user';
import { instant, orgId } from './columns';

/** The number of an organization in the mirror. */
export const orgNumber = pgTable('org_number', {
  orgNo: integer('org_no').primaryKey().generatedAlwaysAsIdentity(),
  orgId: orgId().unique(),
  /** The last read that listed everybody, and when it began: who isn't missing was shown by it, or later. */
  peopleReadId: integer('people_read_id'),
  peopleReadAt: instant('people_read_at'),
});

/** The number of a group, whether or not a list of groups has shown it. */
export const groupNumber = pgTable(
  'group_number',
  {
    groupNo: integer('group_no').primaryKey().generatedAlwaysAsIdentity(),
    orgNo: integer('org_no').notNull(),
    groupId: text('group_id').notNull(),
  },
  (t) => [uniqueIndex('group_number_by_id').on(t.orgNo, t.groupId)],
);

/** What users hold, each list once: an organization has many users and few such lists. */
export const mirrorHoldings = pgTable(
  'mirror_holdings',
  {
    holdingsNo: integer('holdings_no').primaryKey().generatedAlwaysAsIdentity(),
    orgNo: integer('org_no').notNull(),
    /** License ids in the order in which Webex showed them. */
    licenses: jsonb('licenses').$type<string[]>().notNull(),
    /** Null: the read had no `siteUrls`. */
    attendeeSites: jsonb('attendee_sites').$type<string[]>(),
    digest: uuid('digest').notNull(),
  },
  (t) => [uniqueIndex('mirror_holdings_by_digest').on(t.orgNo, t.digest)],
);

export const mirrorUser = pgTable(
  'mirror_user',
  {
    createdAt: instant('created_at'),
    firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
    readAt: instant('read_at').notNull(),
    missingSince: instant('missing_since'),
    countedAt: instant('counted_at'),
    notFoundAt: instant('not_found_at'),
    answeredAt: instant('answered_at'),
    returnedAt: instant('returned_at'),
    watchedAt: instant('watched_at'),
    leftGroupAt: instant('left_group_at'),
    goneAt: instant('gone_at'),
    /** What the mirror keeps of what was shown, and of Calling, as 64 bits: equal ones need no write. */
    shownHash: bigint('shown_hash', { mode: 'bigint' }),
    callingHash: bigint('calling_hash', { mode: 'bigint' }),
    userNo: integer('user_no').primaryKey().generatedAlwaysAsIdentity(),
    orgNo: integer('org_no').notNull(),
    /** What the last read showed. */
    holdingsNo: integer('holdings_no').notNull(),
    /** What the first read showed: its licenses are where provenance begins (R31a). */
    firstHoldingsNo: integer('first_holdings_no').notNull(),
    /** The number of the read that was last stored here; later lists of everybody are in `orgNumber`. */
    seenIn: integer('seen_in').notNull().default(0),
    missingChecks: smallint('missing_checks').notNull().default(0),
    isNew: boolean('is_new').notNull().default(false),
    onlyGains: boolean('only_gains').notNull().default(false),
    isExplicit: boolean('is_explicit').notNull().default(false),
    invitePending: boolean('invite_pending'),
    loginEnabled: boolean('login_enabled'),
    personId: text('person_id').notNull(),
    email: text('email').notNull(),
    /** As `normalizedAddress` makes them; null where the e-mail address, as it is, is the only one. */
    addresses: text('addresses').array(),
    displayName: text('display_name').notNull(),
    kind: text('kind').$type<UserKind>().notNull(),
    status: text('status'),
    answered: jsonb('answered').$type<Holdings>(),
    calling: jsonb('calling').$type<CallingRecord>(),
  },
  (t) => [
    uniqueIndex('mirror_user_by_person').on(t.orgNo, t.personId),
    index('mirror_user_by_email').on(t.orgNo, sql`lower(${t.email})`),
    index('mirror_user_by_address')
      .using('gin', t.addresses)
      .where(sql`addresses IS NOT NULL`),
    /** Users that the watch hasn't checked yet: few, after the first check. */
    index('mirror_user_unwatched')
      .on(t.orgNo)
      .where(sql`watched_at IS NULL AND gone_at IS NULL`),
    /** Users who are missing and don't count as gone yet: few (R89). */
    index('mirror_user_missing')
      .on(t.orgNo, t.personId)
      .where(sql`missing_since IS NOT NULL AND gone_at IS NULL`),
    /** Users with the same work number (R63). */
    index('mirror_user_by_work_number')
      .on(t.orgNo, sql`(${t.calling}->>'workNumber')`)
      .where(sql`${t.calling}->>'workNumber' IS NOT NULL`),
  ],
);

const userNumbers = customType<{ data: string }>({ dataType: () => 'int4multirange' });

/** Users of whom a list of everybody showed nothing new: a row per page, until the read has ended. */
export const mirrorSeen = pgTable(
  'mirror_seen',
  {
    orgNo: integer('org_no').notNull(),
    readId: integer('read_id').notNull(),
    users: userNumbers('users').notNull(),
  },
  (t) => [index('mirror_seen_by_read').on(t.orgNo, t.readId)],
);

/** Of a membership, whoever the member is. */
const membership = () => ({
  firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
  missingSince: instant('missing_since'),
  countedAt: instant('counted_at'),
  groupNo: integer('group_no').notNull(),
  missingChecks: smallint('missing_checks').notNull().default(0),
});

/** Direct members of groups who are users of the mirror. */
export const mirrorMember = pgTable(
  'mirror_member',
  { ...membership(), userNo: integer('user_no').notNull() },
  (t) => [
    primaryKey({ columns: [t.userNo, t.groupNo] }),
    index('mirror_member_by_group').on(t.groupNo),
    index('mirror_member_missing')
      .on(t.groupNo)
      .where(sql`missing_since IS NOT NULL`),
  ],
);

/** Direct members of groups who have no number: groups, and users that no read of people has shown yet. */
export const mirrorOtherMember = pgTable(
  'mirror_other_member',
  { ...membership(), memberId: text('member_id').notNull(), type: text('type').notNull() },
  (t) => [
    primaryKey({ columns: [t.groupNo, t.memberId] }),
    index('mirror_other_member_by_member').on(t.memberId),
  ],
);
