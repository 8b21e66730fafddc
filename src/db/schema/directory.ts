/** The mirror: what reads of Webex and the answers to our writes showed. */
import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  pgView,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import type { CallingRecord } from '../../domain/licenses/calling';
import type { Holdings, UserKind } from '../../domain/model/user';
import { instant, orgId } from './columns';

/** The read that last showed an entry. */
const seenIn = () => bigint('seen_in', { mode: 'number' }).notNull().default(0);

/** The first read that didn't show an entry which wasn't shown since; null while it is shown (R89). */
const missingSince = () => instant('missing_since');

/** Checks in a row that found the entry missing (R88). */
const missingChecks = () => integer('missing_checks').notNull().default(0);

/** When a check was last counted: only one that began later is another check (R88). */
const countedAt = () => instant('counted_at');

/** When Webex, asked for the entry by its id, last said that there is none (R89). */
const notFoundAt = () => instant('not_found_at');

export const directoryLicense = pgTable(
  'directory_license',
  {
    orgId: orgId(),
    licenseId: text('license_id').notNull(),
    offer: text('offer').notNull(),
    name: text('name').notNull(),
    site: text('site'),
    subscriptionId: text('subscription_id'),
    siteType: text('site_type'),
    totalUnits: doublePrecision('total_units').notNull(),
    consumedUnits: doublePrecision('consumed_units'),
    readAt: instant('read_at').notNull(),
    seenIn: seenIn(),
    missingSince: missingSince(),
    missingChecks: missingChecks(),
    countedAt: countedAt(),
    goneAt: instant('gone_at'),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.licenseId] })],
);

export const directoryGroup = pgTable(
  'directory_group',
  {
    orgId: orgId(),
    groupId: text('group_id').notNull(),
    displayName: text('display_name').notNull(),
    memberSize: integer('member_size'),
    /** A location group can hold no template (R13). */
    isLocation: boolean('is_location').notNull(),
    /** Where it comes from, as SCIM shows it: `AD` …; null where SCIM doesn't show it or can't be read (R12). */
    source: text('source'),
    /** Its purpose, as SCIM shows it: `policy`, `location` …; null like `source` (R12, R13). */
    usage: text('usage'),
    /** Consecutive checks that didn't show it although they showed others (R33). */
    missedLooks: integer('missed_looks').notNull().default(0),
    countedAt: countedAt(),
    /** When two consecutive checks agreed that it is gone (R33). */
    deletedAt: instant('deleted_at'),
    /** When its member list was last read completely; null where it never was. */
    membersReadAt: instant('members_read_at'),
    /** When that read began, by the database's clock; null where an earlier version made it. */
    membersBeganAt: instant('members_began_at'),
    readAt: instant('read_at').notNull(),
    seenIn: seenIn(),
    notFoundAt: notFoundAt(),
    /** When a read first showed it; null where that was before it was recorded. */
    firstSeenAt: instant('first_seen_at').defaultNow(),
    goneAt: instant('gone_at'),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.groupId] })],
);

/** The columns of `directoryMember`. */
export const memberColumns = () => ({
  orgId: orgId(),
  groupId: text('group_id').notNull(),
  memberId: text('member_id').notNull(),
  type: text('type').notNull(),
  /** When a read first showed the membership: a check before it doesn't know it (R101). */
  firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
  /** A membership that is missing still grants, until it is taken out (R89). */
  missingSince: missingSince(),
  missingChecks: missingChecks(),
  countedAt: countedAt(),
});

/** Direct members of the groups whose members were needed: `mirrorMember` and `mirrorOtherMember` with ids. */
export const directoryMember = pgView('directory_member', memberColumns()).existing();

/** The columns of `directoryUser`. */
export const userColumns = () => ({
  orgId: orgId(),
  personId: text('person_id').notNull(),
  email: text('email').notNull(),
  /** All addresses, as `normalizedAddress` makes them: users are found by any of these. */
  addresses: jsonb('addresses').$type<string[]>().notNull().default([]),
  displayName: text('display_name').notNull(),
  kind: text('kind').$type<UserKind>().notNull(),
  status: text('status'),
  /** The invitation hasn't been accepted yet (R48); null where Webex doesn't show it. */
  invitePending: boolean('invite_pending'),
  /** False: deactivated, which changes nothing here (R51); null where Webex doesn't show it. */
  loginEnabled: boolean('login_enabled'),
  createdAt: instant('created_at'),
  /** As shown by the last read. */
  licenses: jsonb('licenses').$type<string[]>().notNull(),
  /** Null: the read had no `siteUrls`. */
  attendeeSites: jsonb('attendee_sites').$type<string[]>(),
  readAt: instant('read_at').notNull(),
  seenIn: seenIn(),
  missingSince: missingSince(),
  missingChecks: missingChecks(),
  countedAt: countedAt(),
  notFoundAt: notFoundAt(),
  /** What the answer to our last write showed; null once a read agreed or 24 hours passed (R80a). */
  answered: jsonb('answered').$type<Holdings>(),
  answeredAt: instant('answered_at'),
  firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
  /** Licenses at first sight: where provenance begins (R31a). */
  firstLicenses: jsonb('first_licenses').$type<string[]>().notNull().default([]),
  /** First seen after the watch's first check, or here again (R15). */
  isNew: boolean('is_new').notNull().default(false),
  /** New, but created before the watch's first check or here again: R22 removes nothing (R15). */
  onlyGains: boolean('only_gains').notNull().default(false),
  /** Created with a license of their own: the organization template leaves them out (R20). */
  isExplicit: boolean('is_explicit').notNull().default(false),
  /** When the user was seen again after having counted as gone (R15). */
  returnedAt: instant('returned_at'),
  /** When the watch first checked this user, or did again after a return; null before that. */
  watchedAt: instant('watched_at'),
  /** What the directory knows for Webex Calling (R62, R63). */
  calling: jsonb('calling').$type<CallingRecord>(),
  /** When the user was last taken out of a group: a check of a plan before it doesn't know it (R101). */
  leftGroupAt: instant('left_group_at'),
  goneAt: instant('gone_at'),
});

/** Users: `mirrorUser` with ids, and with lists of what they hold. */
export const directoryUser = pgView('directory_user', {
  ...userColumns(),
  userNo: integer('user_no').notNull(),
  orgNo: integer('org_no').notNull(),
  holdingsNo: integer('holdings_no').notNull(),
}).existing();

/** Phone numbers of the organization, where the token may read them (R63). */
export const directoryNumber = pgTable(
  'directory_number',
  {
    orgId: orgId(),
    /** E.164 with its leading `+`. */
    number: text('number').notNull(),
    locationId: text('location_id'),
    /** The user or place that has it; null where it is free. */
    ownerId: text('owner_id'),
    state: text('state'),
    readAt: instant('read_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.number] })],
);
