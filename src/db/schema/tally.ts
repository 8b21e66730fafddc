/** How many users of a rollout are where: kept by triggers, in the statement that changes a row. */
import { index, integer, pgTable, smallint, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { Outcome } from '../../domain/model/outcome';

const rolloutId = () => uuid('rollout_id').notNull();

/** Of which rows: those of a rollout with this wave and this outcome. */
const group = () => ({
  wave: smallint('wave'),
  outcome: text('outcome').$type<Outcome>().notNull(),
});

/** What is counted: `counted_row` says what a row adds. */
const figures = () => ({
  users: integer('users').notNull(),
  /** With a write, and with a read that has shown it. */
  written: integer('written').notNull(),
  seen: integer('seen').notNull(),
  /** With a write that no read has shown. */
  unseen: integer('unseen').notNull(),
  /** Which no other rollout has taken up, and which are owed nothing. */
  untaken: integer('untaken').notNull(),
  /** Which no other rollout has taken up, and which aren't first in line for a unit (R95). */
  retryable: integer('retryable').notNull(),
  /** Which wait for a unit (R46). */
  waiting: integer('waiting').notNull(),
});

/** The sums, as of the last turn of upkeep. */
export const rolloutTally = pgTable(
  'rollout_tally',
  { rolloutId: rolloutId(), ...group(), ...figures() },
  (t) => [unique('rollout_tally_of').on(t.rolloutId, t.wave, t.outcome).nullsNotDistinct()],
);

/**
 * What has changed since, with its sign: statements only add rows here, so that they never wait for each
 * other, however long their transactions last.
 */
export const rolloutTallyChange = pgTable(
  'rollout_tally_change',
  { rolloutId: rolloutId(), ...group(), ...figures() },
  (t) => [index('rollout_tally_change_of').on(t.rolloutId)],
);
