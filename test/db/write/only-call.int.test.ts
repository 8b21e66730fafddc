import { takeLateSuccess, takeUnanswered } from '../../../src/db/rollout/ending/unanswered-rows';
import { openDatabase, type Db } from '../../../src/db/connect';
import { endCall } from '../../../src/db/write/end-call';
import { takePermit } from '../../../src/db/write/permit';
import { endRepeat, takeRepeat } from '../../../src/db/write/repeat-write';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
  addLicense,
  aRollout,
  removeAttendee,
  rowOf,
  valueOf,
  type SeededUser,
} from '../../support/seed';
import { waitFor } from '../../support/wait-for';

let database: TestDatabase;
/** One connection, so that a transaction can be left open. */
let first: Db;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 20 });
  first = openDatabase(database.url, { maxConnections: 1 });
});
afterAll(async () => {
  await first.$client.end();
  await database.drop();
});

interface Ask {
  /** The state that the row of the user is in. */
  set: string;
  take(db: Db, rolloutId: string): Promise<unknown>;
}

/** Each statement after which a call may begin, and whether it was permitted. */
const asks = {
  permit: {
    set: `outcome = 'planned'`,
    take: async (db, rolloutId) => (await takePermit(db, rolloutId, 1)).kind === 'granted',
  },
  repeat: {
    set: `outcome = 'applied', written_at = now()`,
    take: async (db, rolloutId) => (await takeRepeat(db, rolloutId, 1)) !== null,
  },
  'repeat of an unanswered call': {
    set: `outcome = 'failed', unanswered_call = 1, calls = 1, attempts = 1`,
    take: async (db, rolloutId) => (await takeUnanswered(db, { rolloutId, seq: 1 })) !== null,
  },
  'late success': {
    set: `outcome = 'failed', unanswered_call = 1, calls = 1, attempts = 1`,
    take: async (db, rolloutId) =>
      (await takeLateSuccess(db, { rolloutId, seq: 1, isRepeat: false })) !== null,
  },
} satisfies Record<string, Ask>;
type AskName = keyof typeof asks;

/** Two rollouts of the same users: a reaction of the watch writes beside a rollout of people. */
async function twoRollouts(users: SeededUser[]) {
  const a = await aRollout(database.db, { users });
  await database.db.$client.query('UPDATE rollout SET automatic = true');
  return [a, await aRollout(database.db, { orgId: a.orgId, users })] as const;
}

/** One user in two rollouts, ready for these statements. */
async function oneUser(one: AskName, other: AskName): Promise<[string, string]> {
  const changes = [addLicense('MS'), removeAttendee('acme')];
  const [a, b] = await twoRollouts([{ personId: 'ada', changes }]);
  for (const [{ rolloutId }, { set }] of [
    [a, asks[one]],
    [b, asks[other]],
  ] as const) {
    await database.db.$client.query(`UPDATE rollout_user SET ${set} WHERE rollout_id = $1`, [
      rolloutId,
    ]);
  }
  return [a.rolloutId, b.rolloutId];
}

const pairs: [AskName, AskName][] = [
  ['permit', 'permit'],
  ['permit', 'repeat'],
  ['repeat', 'permit'],
  ['repeat', 'repeat'],
  ['permit', 'repeat of an unanswered call'],
  ['repeat of an unanswered call', 'permit'],
  ['late success', 'permit'],
  ['permit', 'late success'],
];

describe('R25 R99 one user of two rollouts', () => {
  it.each(pairs)('in the same instant: %s, but not %s', async (one, other) => {
    const [a, b] = await oneUser(one, other);
    await first.$client.query('BEGIN');
    expect(await asks[one].take(first, a)).toBe(true);
    const second = asks[other].take(database.db, b);
    const waits = `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`;
    await waitFor('the second statement meets the first', async () => {
      return (await valueOf<number>(database.db, waits, [])) === 1;
    });
    await first.$client.query('COMMIT');
    expect(await second).toBe(false);
  });

  it.each(pairs.filter(([one]) => one !== 'permit'))(
    'after the process of a %s has died, the other goes on (%s)',
    async (one, other) => {
      const [a, b] = await oneUser(one, other);
      expect(await asks[one].take(database.db, a)).toBe(true);
      expect(await asks[other].take(database.db, b)).toBe(false);
      await database.db.$client.query(
        `UPDATE rollout_user SET in_flight_until = now() - interval '1 s' WHERE rollout_id = $1`,
        [a],
      );
      expect(await asks[other].take(database.db, b)).toBe(true);
      expect(await rowOf(database.db, a, 1)).toMatchObject({ in_flight_until: null });
    },
  );

  it('locks nobody for ever, whoever asks in whatever order', async () => {
    const users = Array.from({ length: 8 }, (_, n) => ({
      personId: `user ${n}`,
      changes: [removeAttendee('acme')],
    }));
    const [a, b] = await twoRollouts(users);
    await database.db.$client.query(
      `UPDATE rollout_user SET outcome = 'applied', written_at = now()
       WHERE rollout_id = $1 AND seq % 2 = 0 OR rollout_id = $2 AND seq % 2 = 1`,
      [a.rolloutId, b.rolloutId],
    );
    const { db } = database;
    const once = async (rolloutId: string, seq: number) => {
      const isWritten = (seq % 2 === 0) === (rolloutId === a.rolloutId);
      if (isWritten) {
        const row = await takeRepeat(db, rolloutId, seq);
        if (row) await endRepeat(db, { rolloutId, seq, call: row.call });
        return row !== null;
      }
      const permit = await takePermit(db, rolloutId, seq);
      if (permit.kind !== 'granted') return false;
      const { call } = permit.write;
      const ended = { countsAttempt: false, isAnswered: true, detail: null };
      await endCall(db, { rolloutId, seq, call, ...ended });
      return true;
    };
    const asked = Array.from({ length: 25 }, () =>
      users.flatMap((_, at) => [a, b].map(({ rolloutId }) => once(rolloutId, at + 1))),
    ).flat();
    expect(await Promise.all(asked)).toContain(true);
    const open = `SELECT count(*)::int FROM rollout_user
      WHERE org_id = $1 AND in_flight_until IS NOT NULL`;
    expect(await valueOf(db, open, [a.orgId])).toBe(0);
  });
});
