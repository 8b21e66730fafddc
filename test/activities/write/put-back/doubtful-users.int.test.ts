import { findOwedUsers } from '../../../../src/activities/write/put-back/doubtful-users';
import { createPutBackUpkeep } from '../../../../src/activities/write/put-back/put-back-upkeep';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { addAUserBefore, aUser } from '../../../support/one-user';
import { adds, broken, licenseId, removes } from '../../../support/scripted-webex';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

const [ms, rtt] = [licenseId('MS'), licenseId('RTT')];

/** A user whose first call had no answer, two minutes ago, in a rollout that is as `rollout` says. */
async function aUserInDoubt(done: 'removal' | 'all' | 'nothing', rollout: string) {
  const user = await aUser(database.db, [adds('MS'), removes('RTT')], [rtt], {
    write(n, asked) {
      if (n > 1) return undefined;
      if (done === 'nothing') return { status: 503 };
      const body = asked.body as { licenses: { operation: string }[] };
      if (done === 'removal') {
        body.licenses = body.licenses.filter(({ operation }) => operation === 'remove');
      }
      return broken('ECONNRESET');
    },
  });
  const { rolloutId } = user;
  await expect(user.applyOnce()).rejects.toThrow();
  const set = (table: string, assignments: string) =>
    database.db.$client.query(`UPDATE ${table} SET ${assignments} WHERE rollout_id = $1`, [
      rolloutId,
    ]);
  await set('rollout_user', `intent_at = now() - interval '2 minutes'`);
  await set('rollout', rollout);
  return { ...user, set };
}

describe('R95 a user whose answer was lost before the rollout stopped', () => {
  it.each([
    'paused = true',
    `hold = 'too many failed'`,
    `phase = 'halted'`,
    'brake_at = now()',
    `phase = 'awaiting-promotion'`,
  ])('has back what was removed without the addition, also while %s', async (rollout) => {
    const user = await aUserInDoubt('removal', rollout);
    expect([...user.holds]).toEqual([]);
    expect(await findOwedUsers(user.deps)).toBe(1);
    expect(await createPutBackUpkeep(user.deps)()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
    expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
    expect(await findOwedUsers(user.deps)).toBe(0);
  });

  it.each(['all', 'nothing'] as const)(
    'stays as they are where %s of it was done, and is written after the resume',
    async (done) => {
      const user = await aUserInDoubt(done, 'paused = true');
      expect(await findOwedUsers(user.deps)).toBe(0);
      expect(await user.row()).toMatchObject({ outcome: 'planned', put_back: null });
      await user.set('rollout', 'paused = false');
      expect(await user.apply()).toMatchObject({ result: 'applied' });
      expect([...user.holds]).toEqual([ms]);
    },
  );

  it.each([
    ['its rollout still writes', 'paused = false', ''],
    ['a call may be under way', 'paused = true', `in_flight_until = now() + interval '5 s'`],
    ['it was tried a moment ago', 'paused = true', 'intent_at = now()'],
  ])('is left alone while %s', async (_, rollout, row) => {
    const user = await aUserInDoubt('removal', rollout);
    if (row !== '') await user.set('rollout_user', row);
    expect(await findOwedUsers(user.deps)).toBe(0);
    expect(await user.row()).toMatchObject({ put_back: null });
  });

  it('is found behind users who stay as they are, however many they are', async () => {
    const user = await aUserInDoubt('removal', 'paused = true');
    await addAUserBefore(database.db, user.rolloutId);
    const cursor = { after: null };
    expect(await findOwedUsers(user.deps, cursor, 1)).toBe(0);
    expect(await findOwedUsers(user.deps, cursor, 1)).toBe(1);
    expect(await findOwedUsers(user.deps, cursor, 1)).toBe(0);
    expect(cursor).toEqual({ after: null });
  });

  it('changes nothing where a resumed rollout has begun another call', async () => {
    const user = await aUserInDoubt('removal', 'paused = true');
    const { webex } = user.deps;
    const racing = {
      ...user.deps,
      webex: {
        ...webex,
        async *readPeople(...asked: Parameters<typeof webex.readPeople>) {
          yield* webex.readPeople(...asked);
          await user.set('rollout', 'paused = false');
          await user.apply();
        },
      },
    };
    await findOwedUsers(racing);
    expect(await user.row()).toMatchObject({ outcome: 'applied', put_back: null });
    expect([...user.holds]).toEqual([ms]);
  });
});
