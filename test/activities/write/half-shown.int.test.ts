import { MockActivityEnvironment } from '@temporalio/testing';
import { repeatWriteActivities } from '../../../src/activities/write/repeat-write';
import { verifyActivities } from '../../../src/activities/write/verify';
import type { SweepResult } from '../../../src/contract/activities';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aUser } from '../../support/one-user';
import { adds, licenseId, removes } from '../../support/scripted-webex';
import { valueOf } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

const [ms, rtt] = [licenseId('MS'), licenseId('RTT')];

/** MS replaces RTT; Webex says that both are done. Reads show what is held. */
async function aSwap() {
  const { db } = database;
  const user = await aUser(db, [adds('MS'), removes('RTT')], [rtt], {
    write: () => undefined,
  });
  const { orgId, rolloutId, deps } = user;
  const run = (query: string) => db.$client.query(query, [rolloutId]);
  expect(await user.run()).toMatchObject({ result: 'applied' });
  await run(
    `UPDATE rollout SET phase = 'verifying', deadline_at = now() + interval '1 day'
     WHERE rollout_id = $1`,
  );
  const { sweep } = verifyActivities(deps);
  const { repeatWrite } = repeatWriteActivities(deps);
  const input = { orgId, rolloutId, waves: [1] };
  return {
    ...user,
    run,
    writtenAgo: (interval: string) =>
      run(
        `UPDATE rollout_user SET written_at = now() - interval '${interval}' WHERE rollout_id = $1`,
      ),
    async verify(): Promise<SweepResult> {
      const asActivity = new MockActivityEnvironment();
      const seen = await asActivity.run<[typeof input], SweepResult, typeof sweep>(sweep, input);
      for (const seq of seen.repeat) await repeatWrite({ orgId, rolloutId, seq });
      return seen;
    },
    entries: () =>
      valueOf<number>(db, 'SELECT count(*)::int FROM ledger WHERE rollout_id = $1', [rolloutId]),
    calls: () => user.scripted.calls().filter((call) => call.startsWith('PATCH')).length,
  };
}

describe('R95 an answer that says more than was done', () => {
  it('what reads show as removed and not as added is added once more, when that is not late any more', async () => {
    const user = await aSwap();
    user.holds.delete(ms);
    expect(await user.verify()).toMatchObject({ unconverged: 1, repeat: [] });
    await user.writtenAgo('6 minutes');
    expect(await user.verify()).toMatchObject({ repeat: [1] });
    expect([...user.holds]).toEqual([ms]);
    expect(await user.verify()).toMatchObject({ unconverged: 0, converged: 1, repeat: [] });
    expect(await user.row()).toMatchObject({ outcome: 'converged' });
    expect([user.calls(), await user.entries()]).toEqual([2, 2]);
  });

  it('once only: where that is not shown either, the user is named at the deadline with the way on', async () => {
    const user = await aSwap();
    await user.writtenAgo('6 minutes');
    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      user.holds.delete(ms);
      await user.verify();
    }
    expect(user.calls()).toBe(2);
    const { orgId, rolloutId, deps } = user;
    await verifyActivities(deps).giveUp({ orgId, rolloutId, waves: [1] });
    expect(await user.row()).toMatchObject({
      outcome: 'unconverged',
      detail: expect.stringContaining('Planning the rollout again') as string,
    });
  });

  it('R80 nothing is repeated where a read shows neither: it may be late', async () => {
    const user = await aSwap();
    user.holds.delete(ms);
    user.holds.add(rtt);
    await user.writtenAgo('6 minutes');
    expect(await user.verify()).toMatchObject({ unconverged: 1, repeat: [] });
  });

  it('R99 nothing is repeated while the rollout is paused', async () => {
    const user = await aSwap();
    user.holds.delete(ms);
    await user.writtenAgo('6 minutes');
    await user.run('UPDATE rollout SET paused = true WHERE rollout_id = $1');
    await user.verify();
    expect(user.calls()).toBe(1);
  });
});
