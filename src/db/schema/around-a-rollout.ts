/** What people say about a rollout, and the actions that no workflow has taken yet. */
import { bigserial, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant, orgId } from './columns';

/** Feedback of pilot users, shown at the gate (R85). */
export const feedback = pgTable(
  'feedback',
  {
    feedbackId: bigserial('feedback_id', { mode: 'number' }).primaryKey(),
    orgId: orgId(),
    rolloutId: uuid('rollout_id').notNull(),
    at: instant('at').notNull().defaultNow(),
    /** Name of the token that recorded it. */
    recordedBy: text('recorded_by').notNull(),
    /** The user of the rollout who gave it; null where nobody is named. */
    personId: text('person_id'),
    verdict: text('verdict').$type<'good' | 'bad' | 'neutral'>().notNull(),
    text: text('text').notNull(),
  },
  (t) => [index('feedback_by_rollout').on(t.rolloutId, t.feedbackId)],
);

/** Actions accepted while no worker answered: delivered again until a workflow accepts or refuses them. */
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
