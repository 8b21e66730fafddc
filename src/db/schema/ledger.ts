/** What was done to whom. */
import {
  bigserial,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Change } from '../../domain/model/change';
import { instant, orgId } from './columns';

/** Append-only: each license added to or removed from a user, as the answers of Webex showed it. */
export const ledger = pgTable(
  'ledger',
  {
    ledgerId: bigserial('ledger_id', { mode: 'number' }).primaryKey(),
    orgId: orgId(),
    personId: text('person_id').notNull(),
    rolloutId: uuid('rollout_id').notNull(),
    seq: integer('seq').notNull(),
    /** `calls` of the row at the call that did it; 0 in entries of 0.1.0. */
    attempt: integer('attempt').notNull().default(0),
    operation: text('operation').$type<'add' | 'remove'>().notNull(),
    /** License id, or `attendee:<site>`. */
    target: text('target').notNull(),
    change: jsonb('change').$type<Change>().notNull(),
    actor: text('actor').notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (t) => [
    index('ledger_by_person').on(t.orgId, t.personId, t.ledgerId),
    /** What was written since the licenses were read. */
    index('ledger_by_time').on(t.orgId, t.at),
    uniqueIndex('ledger_once').on(t.rolloutId, t.seq, t.attempt, t.operation, t.target),
  ],
);
