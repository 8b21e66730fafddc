/** The tables, as Drizzle sees them. SQL migrations are generated from this file (`npx drizzle-kit generate`). */
import { sql } from 'drizzle-orm';
import {
  bigserial,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type {
  Change,
  CompositionMode,
  Entitlement,
  Holdings,
  Note,
  OrgSettings,
  Outcome,
  Pending,
  UserKind,
} from '../domain/model';
import type { PlanSummary } from '../domain/plan-summary';
import type { Phase } from '../domain/rollout-phase';
import type { RolloutRequest } from '../domain/rollout-request';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const orgId = () => text('org_id').notNull();

/** Organizations that this installation keeps; one row for each that a worker's token opened. */
export const organization = pgTable('organization', {
  orgId: text('org_id').primaryKey(),
  orgUuid: uuid('org_uuid').notNull().unique(),
  displayName: text('display_name').notNull(),
  firstSeenAt: instant('first_seen_at').notNull().defaultNow(),
  /** End of the last complete look at licenses, groups and people. */
  observedAt: instant('observed_at'),
  /** What the worker's start-up check found out about the credential. */
  credentialReport: jsonb('credential_report').$type<Record<string, unknown>>(),
});

/** The pace of an organization's write calls, shared by all workers. */
export const orgPace = pgTable('org_pace', {
  orgId: text('org_id').primaryKey(),
  /** State of `domain/pace.ts`. */
  state: jsonb('state').$type<Record<string, unknown>>().notNull(),
  /** No write before this instant: a 429 or 423 of the organization. */
  notBefore: instant('not_before'),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

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

export const template = pgTable(
  'template',
  {
    orgId: orgId(),
    templateId: uuid('template_id').primaryKey(),
    scope: text('scope').$type<'organization' | 'group'>().notNull(),
    groupId: text('group_id'),
    name: text('name').notNull(),
    latestRevision: integer('latest_revision').notNull(),
    /** The revision that governs (R16a); null while the first one is a draft. */
    inForceRevision: integer('in_force_revision'),
    /** A revision that waits for its rollout's pilot. */
    draftRevision: integer('draft_revision'),
    draftRolloutId: uuid('draft_rollout_id'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    deletedAt: instant('deleted_at'),
  },
  (t) => [
    uniqueIndex('template_one_per_organization')
      .on(t.orgId)
      .where(sql`scope = 'organization' AND deleted_at IS NULL`),
    uniqueIndex('template_one_per_group')
      .on(t.orgId, t.groupId)
      .where(sql`scope = 'group' AND deleted_at IS NULL`),
  ],
);

/** Immutable. */
export const templateRevision = pgTable(
  'template_revision',
  {
    orgId: orgId(),
    templateId: uuid('template_id').notNull(),
    revision: integer('revision').notNull(),
    entitlements: jsonb('entitlements').$type<Entitlement[]>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.templateId, t.revision] })],
);

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

export const rollout = pgTable(
  'rollout',
  {
    orgId: orgId(),
    rolloutId: uuid('rollout_id').primaryKey(),
    request: jsonb('request').$type<RolloutRequest>().notNull(),
    /** One line for people and the Temporal UI: `domain/rollout-title.ts`. */
    title: text('title').notNull(),
    templateId: uuid('template_id'),
    templateRevision: integer('template_revision'),
    phase: text('phase').$type<Phase>().notNull(),
    /** Grows with every change of phase or flag; actions name the one they were meant for. */
    phaseVersion: integer('phase_version').notNull().default(1),
    paused: boolean('paused').notNull().default(false),
    /** A guard tripped: nothing is written until `resume`. Set in the transaction of the failure. */
    hold: text('hold'),
    /** What the failure guard had counted when the rollout was last resumed. */
    guardFrom: jsonb('guard_from').$type<{ written: number; failed: number }>(),
    /** Why it is halted, failed, aborted: one line. */
    phaseReason: text('phase_reason'),
    /** Where `resume` leads back to from `halted`. */
    haltedFrom: text('halted_from').$type<Phase>(),
    /** What it waits for, one line for people. */
    waitingFor: text('waiting_for'),
    wave: smallint('wave'),
    summary: jsonb('summary').$type<PlanSummary>(),
    /** SHA-256 over the stored rows, hex. */
    digest: text('digest'),
    createdAt: instant('created_at').notNull().defaultNow(),
    createdBy: text('created_by').notNull(),
    plannedAt: instant('planned_at'),
    /** When a plan that nobody started expires. */
    expiresAt: instant('expires_at'),
    startedAt: instant('started_at'),
    startedBy: text('started_by'),
    lastWriteAt: instant('last_write_at'),
    /** When verification gives up. */
    deadlineAt: instant('deadline_at'),
    endedAt: instant('ended_at'),
    /** The workflow that steers it now: the rollout itself, or its latest retry. */
    workflowId: text('workflow_id').notNull(),
    retries: integer('retries').notNull().default(0),
  },
  (t) => [
    index('rollout_by_org').on(t.orgId, t.createdAt),
    /** R25: one writing rollout per organization, whatever races there are. */
    uniqueIndex('rollout_one_writing')
      .on(t.orgId)
      .where(
        sql`phase IN ('piloting', 'awaiting-promotion', 'rolling-out', 'halted', 'rolling-back')`,
      ),
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
    withheld: jsonb('withheld').$type<Change[]>().notNull(),
    expected: jsonb('expected').$type<Holdings>().notNull(),
    pending: text('pending').$type<Pending>(),
    outcome: text('outcome').$type<Outcome>().notNull(),
    /** Changes that Webex refused, and why; one line where something went wrong. */
    refused: jsonb('refused').$type<Change[]>(),
    detail: text('detail'),
    /** Half of a replacement was refused: these put the other half back (R40). */
    putBack: jsonb('put_back').$type<Change[]>(),
    attempts: smallint('attempts').notNull().default(0),
    /** Set in the transaction that permits the call; an open intent is a write with unknown outcome. */
    intentAt: instant('intent_at'),
    /** While the call may be under way; null once it has returned, however it went. */
    inFlightUntil: instant('in_flight_until'),
    writtenAt: instant('written_at'),
    /** What the answer showed. */
    answered: jsonb('answered').$type<Holdings>(),
    convergedAt: instant('converged_at'),
    /** When the write was repeated to learn what no read shows (attendee accounts). */
    repeatedAt: instant('repeated_at'),
    trackingId: text('tracking_id'),
  },
  (t) => [
    primaryKey({ columns: [t.rolloutId, t.seq] }),
    uniqueIndex('rollout_user_once').on(t.rolloutId, t.personId),
    index('rollout_user_by_outcome').on(t.rolloutId, t.outcome, t.seq),
    index('rollout_user_by_person').on(t.orgId, t.personId),
    index('rollout_user_in_flight')
      .on(t.rolloutId)
      .where(sql`in_flight_until IS NOT NULL`),
    /** One open write per user at a time, whichever job asks. */
    uniqueIndex('rollout_user_one_open')
      .on(t.orgId, t.personId)
      .where(sql`outcome = 'planned' AND intent_at IS NOT NULL`),
  ],
);

/** Append-only: each license added to or taken from a user, as the answers of Webex showed it. */
export const ledger = pgTable(
  'ledger',
  {
    ledgerId: bigserial('ledger_id', { mode: 'number' }).primaryKey(),
    orgId: orgId(),
    personId: text('person_id').notNull(),
    rolloutId: uuid('rollout_id').notNull(),
    seq: integer('seq').notNull(),
    operation: text('operation').$type<'add' | 'remove'>().notNull(),
    /** License id, or `attendee:<site>`. */
    target: text('target').notNull(),
    change: jsonb('change').$type<Change>().notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [
    index('ledger_by_person').on(t.orgId, t.personId, t.ledgerId),
    uniqueIndex('ledger_once').on(t.rolloutId, t.seq, t.operation, t.target),
  ],
);

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

/** Actions accepted while no worker answered: delivered again until a workflow took or refused them. */
export const pendingAction = pgTable('pending_action', {
  /** The update id: delivering twice is harmless. */
  updateId: text('update_id').primaryKey(),
  orgId: orgId(),
  rolloutId: uuid('rollout_id').notNull(),
  workflowId: text('workflow_id').notNull(),
  updateName: text('update_name').notNull(),
  input: jsonb('input').$type<Record<string, unknown>>().notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  settledAt: instant('settled_at'),
  /** `applied`, or the failure that refused it. */
  result: text('result'),
});
