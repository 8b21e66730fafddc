/** Organizations and how they are kept: settings, pace, credentials, audit, request keys. */
import {
  bigserial,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { CompositionMode } from '../../domain/model/template';
import type { OrgSettings } from '../../domain/model/settings';
import type { PaceState } from '../../domain/rollout/pace';
import { instant, orgId } from './columns';

/** Organizations that this installation serves: one row per organization that a worker's token opened. */
export const organization = pgTable('organization', {
  orgId: text('org_id').primaryKey(),
  orgUuid: uuid('org_uuid').notNull().unique(),
  displayName: text('display_name').notNull(),
  firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
  /** When licenses, groups and people were last read completely. */
  observedAt: instant('observed_at'),
  /** When a group last vanished, or a group inside another one came or went: it concerns all their members (R101). */
  groupsChangedAt: instant('groups_changed_at'),
  /** When phone numbers were last read completely; null where the token may not, or nobody asked (R63). */
  numbersReadAt: instant('numbers_read_at'),
  /** The result of the worker's check of the credential at start. */
  credentialReport: jsonb('credential_report').$type<Record<string, unknown>>(),
});

/** What the workers of an organization last told of themselves. */
export const workerState = pgTable('worker_state', {
  orgId: text('org_id').primaryKey(),
  /** When one was last able to work: it reaches Temporal, and its token opens this organization. */
  seenAt: instant('seen_at'),
  /** Why one couldn't check its token, and when it last tried. */
  trouble: text('trouble'),
  troubleAt: instant('trouble_at'),
  /** Since when one can't reach Temporal, null once one can, and when it last tried. */
  temporalAwaySince: instant('temporal_away_since'),
  temporalAwayAt: instant('temporal_away_at'),
});

/** The pace of an organization's write calls, shared by all workers. */
export const orgPace = pgTable('org_pace', {
  orgId: text('org_id').primaryKey(),
  state: jsonb('state').$type<PaceState>().notNull(),
  /** No write before this instant: a 429 or 423 of the organization. */
  notBefore: instant('not_before'),
  /** Why no write begins before it, one line for people. */
  waitReason: text('wait_reason'),
  /** When the next call may begin, so that calls that come at once keep the pace. */
  nextWriteAt: instant('next_write_at'),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

export const orgSettings = pgTable('org_settings', {
  orgId: text('org_id').primaryKey(),
  settings: jsonb('settings').$type<OrgSettings & { compositionMode: CompositionMode }>().notNull(),
  version: integer('version').notNull().default(1),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

/** Webex tokens that were refreshed, encrypted with SEATWISE_SECRET_KEY and shared by all workers. */
export const credential = pgTable('credential', {
  /** Hash of client id and first refresh token: another configuration is another credential. */
  credentialId: text('credential_id').primaryKey(),
  ciphertext: text('ciphertext').notNull(),
  accessExpiresAt: instant('access_expires_at').notNull(),
  refreshExpiresAt: instant('refresh_expires_at'),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

export const auditEvent = pgTable(
  'audit_event',
  {
    auditId: bigserial('audit_id', { mode: 'number' }).primaryKey(),
    orgId: orgId(),
    at: instant('at').notNull().defaultNow(),
    actor: text('actor').notNull(),
    role: text('role').notNull(),
    /** `template.saved`, `rollout.started` … */
    action: text('action').notNull(),
    /** The address of what was changed, as the API has it: `rollouts/<id>`. */
    target: text('target').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [index('audit_event_by_org').on(t.orgId, t.auditId)],
);

export const idempotencyKey = pgTable(
  'idempotency_key',
  {
    orgId: orgId(),
    key: text('key').notNull(),
    /** SHA-256 of method, path and body: the same key with another request is refused. */
    requestHash: text('request_hash').notNull(),
    status: integer('status').notNull(),
    location: text('location'),
    body: jsonb('body').$type<unknown>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.orgId, t.key] })],
);
