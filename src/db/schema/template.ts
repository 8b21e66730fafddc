/** What organization and groups grant. */
import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Entitlement } from '../../domain/model/template';
import { instant, orgId } from './columns';

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
    /** The rollout that ends this template once it governs (R30 with `preserve: false`). */
    endingRolloutId: uuid('ending_rollout_id'),
    /** Its group has vanished, and this one seems to have replaced it (R90). */
    successorGroupId: text('successor_group_id'),
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
