/** The mirror: what reads of Webex showed, and what the answers to our writes said. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core';
import type { Holdings, UserKind } from '../../domain/model';
import { instant, orgId } from './columns';

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
    /** When its member list was last read whole; null where it never was. */
    membersReadAt: instant('members_read_at'),
    readAt: instant('read_at').notNull(),
    goneAt: instant('gone_at'),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.groupId] })],
);

/** Direct members, of the groups whose members somebody needed. */
export const directoryMember = pgTable(
  'directory_member',
  {
    orgId: orgId(),
    groupId: text('group_id').notNull(),
    memberId: text('member_id').notNull(),
    type: text('type').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.orgId, t.groupId, t.memberId] }),
    index('directory_member_by_member').on(t.orgId, t.memberId),
  ],
);

export const directoryUser = pgTable(
  'directory_user',
  {
    orgId: orgId(),
    personId: text('person_id').notNull(),
    email: text('email').notNull(),
    displayName: text('display_name').notNull(),
    kind: text('kind').$type<UserKind>().notNull(),
    status: text('status'),
    createdAt: instant('created_at'),
    /** As the last read showed it. */
    licenses: jsonb('licenses').$type<string[]>().notNull(),
    /** Null: the read had no `siteUrls`. */
    attendeeSites: jsonb('attendee_sites').$type<string[]>(),
    readAt: instant('read_at').notNull(),
    /** What the answer to our last write said; null once a read agreed or 24 h passed (R80a). */
    answered: jsonb('answered').$type<Holdings>(),
    answeredAt: instant('answered_at'),
    firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
    goneAt: instant('gone_at'),
  },
  (t) => [
    primaryKey({ columns: [t.orgId, t.personId] }),
    index('directory_user_by_email').on(t.orgId, sql`lower(${t.email})`),
  ],
);
