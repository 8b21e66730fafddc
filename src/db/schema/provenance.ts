/** Why users hold what they hold (R31a). */
import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, orgId } from './columns';

/**
 * Who gave a license or attendee account that Seatwise added. What has no row was there before we
 * looked, came with the user's creation, or was given by somebody else.
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
    /** When it was taken: giving it again by a restoration brings the owner back. */
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.orgId, t.personId, t.target] }),
    index('provenance_by_template').on(t.orgId, t.templateId),
  ],
);
