/** Why users hold what they hold (R31a). */
import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, orgId } from './columns';

/**
 * The source of each license or attendee account that Seatwise added. Those without a row existed before
 * the first read, were created with the user, or were added by somebody else.
 */
export const provenance = pgTable(
  'provenance',
  {
    orgId: orgId(),
    personId: text('person_id').notNull(),
    /** License id, or `attendee:<site>`. */
    target: text('target').notNull(),
    kind: text('kind').$type<'template' | 'manual'>().notNull(),
    /** The owner; null where `kind` is `manual` (a CSV, a restoration of something manual). */
    templateId: text('template_id'),
    revision: integer('revision'),
    rolloutId: uuid('rollout_id').notNull(),
    since: instant('since').notNull().defaultNow(),
    /** The first read that didn't show the holding, if none has shown it since (R92). */
    missedAt: instant('missed_at'),
    /** Checks in a row that didn't show it. */
    missedChecks: integer('missed_checks').notNull().default(0),
    /** When a check was last counted: only one that began later is another check (R88). */
    countedAt: instant('counted_at'),
    /** When it was removed. A restoration that adds it again also restores its owner. */
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.orgId, t.personId, t.target] }),
    index('provenance_by_template').on(t.orgId, t.templateId),
    index('provenance_missed')
      .on(t.orgId, t.personId)
      .where(sql`missed_at IS NOT NULL AND ended_at IS NULL`),
  ],
);
