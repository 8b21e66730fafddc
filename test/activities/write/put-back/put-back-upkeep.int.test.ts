import { MockActivityEnvironment } from '@temporalio/testing';
import { recordMoveActivities } from '../../../../src/activities/rollout/record-moves';
import { createPutBackUpkeep } from '../../../../src/activities/write/put-back/put-back-upkeep';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { addAUserBefore, aUser } from '../../../support/one-user';
import { adds, licenseId, removes, type Asked } from '../../../support/scripted-webex';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

const [ms, rtt] = [licenseId('MS'), licenseId('RTT')];

/** Who has lost RTT and not got MS, in a rollout of which no workflow is left. */
async function anOwedUser(putBack: () => { status: number } | undefined = () => undefined) {
  const withoutMs = ({ body }: Asked) => {
    const asked = body as { licenses: { id: string }[] };
    asked.licenses = asked.licenses.filter(({ id }) => id !== ms);
    return undefined;
  };
  const user = await aUser(database.db, [adds('MS'), removes('RTT')], [rtt], {
    write: (n, asked) => (n === 1 ? withoutMs(asked) : putBack()),
  });
  expect(await user.apply()).toMatchObject({ result: 'planned', putBack: true });
  expect([...user.holds]).toEqual([]);
  const change = (assignments: string) =>
    database.db.$client.query(`UPDATE rollout_user SET ${assignments} WHERE rollout_id = $1`, [
      user.rolloutId,
    ]);
  await change('in_flight_until = NULL');
  await database.db.$client.query(
    `UPDATE rollout SET phase = 'aborted', ended_at = now() WHERE rollout_id = $1`,
    [user.rolloutId],
  );
  return {
    ...user,
    /** Nobody has tried for two minutes. */
    becomesOverdue: () => change(`intent_at = now() - interval '2 minutes'`),
    upkeep: createPutBackUpkeep(user.deps),
  };
}

describe('R95 what is owed after the workflow is gone', () => {
  it('is put back once nobody has tried for a minute, and not before', async () => {
    const user = await anOwedUser();
    expect(await user.upkeep()).toBe(0);
    expect([...user.holds]).toEqual([]);
    await user.becomesOverdue();
    expect(await user.upkeep()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
    expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
    expect(await user.upkeep()).toBe(0);
  });

  it('is tried again at a later turn where Webex fails, and keeps no other user waiting', async () => {
    let isIll = true;
    const user = await anOwedUser(() => (isIll ? { status: 503 } : undefined));
    await user.becomesOverdue();
    expect(await user.upkeep()).toBe(0);
    expect(await user.row()).toMatchObject({ outcome: 'planned', put_back: [{}] });
    isIll = false;
    await user.becomesOverdue();
    expect(await user.upkeep()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
  });

  it('is put back behind a user for whom it always fails', async () => {
    const user = await anOwedUser();
    await addAUserBefore(database.db, user.rolloutId);
    await user.becomesOverdue();
    const { webex } = user.deps;
    const upkeep = createPutBackUpkeep({
      ...user.deps,
      webex: {
        ...webex,
        writeUser: (personId, ...change) =>
          personId === 'another user'
            ? Promise.reject(new TypeError('a bug'))
            : webex.writeUser(personId, ...change),
      },
    });
    expect(await upkeep()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
  });

  it('keeps the end of the rollout waiting until it is put back', async () => {
    const user = await anOwedUser();
    const { drainWrites } = recordMoveActivities(user.deps);
    const { orgId, rolloutId } = user;
    let rowAtTheEnd: unknown = null;
    const drained = new MockActivityEnvironment()
      .run(drainWrites, { orgId, rolloutId })
      .then(async () => {
        rowAtTheEnd = await user.row();
      });
    for (let n = 0; n < 20; n += 1) await user.row();
    expect(rowAtTheEnd).toBeNull();
    await user.putBack();
    await drained;
    expect(rowAtTheEnd).toMatchObject({ put_back: null });
  });
});
