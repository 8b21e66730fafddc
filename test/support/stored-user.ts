/** Users of a plan as the API shows them, for suites that write rows themselves. */
import { inBulkTransaction } from '../../src/db/bulk-transaction';
import type { Db } from '../../src/db/connect';
import { copyPlan } from '../../src/db/plan/copy-plan';
import type { rolloutRow, rolloutUser } from '../../src/db/schema';
import type { PlannedUser } from '../../src/domain/plan/planned-user';

type User = typeof rolloutUser.$inferSelect;
type Row = typeof rolloutRow.$inferInsert;
type Shared = 'before' | 'changes' | 'kept' | 'blocked' | 'waiting' | 'expected';
type UserToStore = Omit<Row, `own${Capitalize<Shared>}`> & Pick<User, Shared>;

/** The row of a user who has everything of their own. */
export function storedUser(user: UserToStore): Row {
  const { before, changes, kept, blocked, waiting, expected, ...row } = user;
  return {
    ...row,
    ownBefore: before,
    ownChanges: changes,
    ownKept: kept,
    ownBlocked: blocked,
    ownWaiting: waiting,
    ownExpected: expected,
  };
}

/** Stores planned users, each with a content of their own. */
export async function storePlanned(
  db: Db,
  plan: { orgId: string; rolloutId: string },
  users: readonly PlannedUser[],
): Promise<void> {
  await inBulkTransaction(db, ({ connection }) =>
    copyPlan(connection, plan, {
      rows: users.map((user) => ({
        name: user,
        user: { ...user, content: user },
        content: user.seq,
      })),
      contents: users.map((user) => ({ number: user.seq, content: user })),
    }),
  );
}
