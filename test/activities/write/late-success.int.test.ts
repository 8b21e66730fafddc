import { MockActivityEnvironment } from '@temporalio/testing';
import { createPutBackUpkeep } from '../../../src/activities/write/put-back/put-back-upkeep';
import { verifyActivities } from '../../../src/activities/write/verify';
import { followEndedRollouts } from '../../../src/worker/upkeep/follow-ended-rollouts';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { attempts, aUser } from '../../support/one-user';
import { adds, broken, licenseId, removes } from '../../support/scripted-webex';
import { valueOf } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

const [ms, rtt] = [licenseId('MS'), licenseId('RTT')];
const swap = [adds('MS'), removes('RTT')];
type Script = Parameters<typeof aUser>[3];

/** Whose calls had no answer and whom no read has shown: failed, as far as anybody knows. */
async function aLostUser(changes = swap, held = [rtt], write?: Script['write']) {
  let answersFrom = Infinity;
  const user = await aUser(database.db, changes, held, {
    write: write ?? ((n) => (n < answersFrom ? { status: 503 } : undefined)),
  });
  expect(await user.run()).toMatchObject({ result: 'failed' });
  const { db, webex } = user.deps;
  const { sweep, giveUp } = verifyActivities({ ...user.deps, db, webex });
  const input = { orgId: user.orgId, rolloutId: user.rolloutId, waves: [1] };
  const asActivity = () => new MockActivityEnvironment();
  return {
    ...user,
    sweep: () =>
      asActivity().run<[typeof input], Awaited<ReturnType<typeof sweep>>, typeof sweep>(
        sweep,
        input,
      ),
    giveUp: () =>
      asActivity().run<[typeof input], Awaited<ReturnType<typeof giveUp>>, typeof giveUp>(
        giveUp,
        input,
      ),
    /** From this call on, Webex works again. */
    answerFrom(n: number) {
      answersFrom = n;
    },
    /** Webex shows it only now: its reads lag (R80). */
    appears() {
      user.holds.delete(rtt);
      user.holds.add(ms);
    },
    async end() {
      await db.$client.query(
        `UPDATE rollout SET phase = 'completed', ended_at = now() WHERE rollout_id = $1`,
        [user.rolloutId],
      );
    },
    failed: () =>
      valueOf<number>(db, 'SELECT users_failed FROM rollout WHERE rollout_id = $1', [
        user.rolloutId,
      ]),
  };
}

describe('R94 R99 a user who failed although the write was done', () => {
  it('is done once a read shows the whole change, with its ledger', async () => {
    const user = await aLostUser();
    expect(await user.failed()).toBe(1);
    user.appears();
    expect(await user.sweep()).toMatchObject({ converged: 1 });
    expect(await user.row()).toMatchObject({
      outcome: 'converged',
      refused: null,
      unanswered_call: null,
      detail: expect.stringContaining('A later read shows the change') as string,
    });
    expect(await user.ledger()).toEqual(['add MS', 'remove RTT']);
    expect(await user.failed()).toBe(0);
    // R31a Whoever saw the failure may have given the license by hand: no template owns it.
    const owners = `SELECT count(*)::int FROM provenance
      WHERE org_id = $1 AND target = $2 AND ended_at IS NULL`;
    expect(await valueOf(database.db, owners, [user.orgId, ms])).toBe(0);
    const actors = 'SELECT jsonb_agg(DISTINCT actor) FROM ledger WHERE rollout_id = $1';
    expect(await valueOf(database.db, actors, [user.rolloutId])).toEqual(['unknown']);
    await user.sweep();
    expect(await user.ledger()).toHaveLength(2);
  });

  it('keeps no rollout waiting, but is looked at after its end until the deadline', async () => {
    const user = await aLostUser();
    expect(await user.sweep()).toMatchObject({ unconverged: 0 });
    await user.end();
    await database.db.$client.query(
      `INSERT INTO organization (org_id, org_uuid, display_name) VALUES ($1, gen_random_uuid(), 'A')`,
      [user.orgId],
    );
    const start = jest.fn().mockResolvedValue(undefined);
    const client = { workflow: { start } } as unknown as Parameters<typeof followEndedRollouts>[1];
    expect(await followEndedRollouts(database.db, client, user.orgId)).toBe(1);
    expect(await user.sweep()).toMatchObject({ unconverged: 1, converged: 0 });
    await user.giveUp();
    expect(await user.row()).toMatchObject({ outcome: 'failed', unanswered_call: null });
    user.appears();
    expect(await user.sweep()).toMatchObject({ unconverged: 0, converged: 0 });
    expect(await followEndedRollouts(database.db, client, user.orgId)).toBe(0);
  });

  it('R95 has back what was removed where a read shows the removal alone', async () => {
    const user = await aLostUser();
    await user.end();
    user.holds.delete(rtt);
    user.answerFrom(attempts + 1);
    expect(await user.sweep()).toMatchObject({ converged: 0 });
    expect(await user.row()).toMatchObject({
      outcome: 'planned',
      put_back: [{ operation: 'add', target: { licenseId: rtt } }],
    });
    expect(await user.ledger()).toEqual(['remove RTT']);
    await database.db.$client.query(
      `UPDATE rollout_user SET intent_at = now() - interval '2 minutes' WHERE rollout_id = $1`,
      [user.rolloutId],
    );
    expect(await createPutBackUpkeep(user.deps)()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
    expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
  });

  it('R68 holds the rollout where a read shows Calling removed without the one in its place', async () => {
    const calling = licenseId('BCSTD');
    const user = await aLostUser([removes('BCSTD'), adds('STANDARD')], [calling]);
    await database.db.$client.query(`INSERT INTO org_settings (org_id, settings) VALUES ($1, $2)`, [
      user.orgId,
      JSON.stringify({ callingOffers: { standard: 'STANDARD' } }),
    ]);
    user.holds.delete(calling);
    expect(await user.sweep()).toMatchObject({ converged: 0 });
    expect(await user.hold()).toContain("That can't be undone.");
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
    expect(await user.ledger()).toEqual(['remove BCSTD']);
    // A resume accepts it: the next sweep says nothing new.
    await database.db.$client.query('UPDATE rollout SET hold = NULL WHERE rollout_id = $1', [
      user.rolloutId,
    ]);
    await user.sweep();
    expect(await user.hold()).toBeNull();
    expect(await user.ledger()).toHaveLength(1);
    // The read lagged behind: the other one was there all the time.
    user.holds.add(licenseId('STANDARD'));
    expect(await user.sweep()).toMatchObject({ converged: 1 });
    expect(await user.ledger()).toEqual(['remove BCSTD', 'add STANDARD']);
  });

  it('R95 has it back again where a call that was given up arrives after the putting back', async () => {
    const user = await aLostUser(swap, [rtt], (n, asked) => {
      if (n === 1) return { status: 504 };
      const body = asked.body as { licenses: { operation: string }[] };
      if (n === 2) body.licenses = body.licenses.filter(({ operation }) => operation !== 'add');
      return undefined;
    });
    expect([...user.holds]).toEqual([rtt]);
    expect(await user.row()).toMatchObject({ outcome: 'failed', unanswered_call: 1 });
    // Nothing is wrong as long as the read shows what was put back.
    await user.sweep();
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
    user.holds.delete(rtt);
    await user.sweep();
    expect(await user.row()).toMatchObject({
      put_back: [{ operation: 'add', target: { licenseId: rtt } }],
    });
    expect(await user.putBack()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual([rtt]);
  });

  it('stays failed while a read shows a part of the change', async () => {
    const user = await aLostUser();
    user.holds.add(ms);
    expect(await user.sweep()).toMatchObject({ converged: 0 });
    expect(await user.row()).toMatchObject({ outcome: 'failed' });
    expect(await user.ledger()).toBeNull();
  });

  it('stays failed where another rollout has made the change since', async () => {
    const user = await aLostUser();
    await database.db.$client.query(
      `INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor)
       SELECT org_id, person_id, gen_random_uuid(), 1, 'add', $2, changes->0, 'rollout'
       FROM rollout_user WHERE rollout_id = $1`,
      [user.rolloutId, ms],
    );
    user.appears();
    expect(await user.sweep()).toMatchObject({ converged: 0 });
    expect(await user.row()).toMatchObject({ outcome: 'failed' });
  });

  it('stays failed where each call was answered', async () => {
    const user = await aUser(database.db, swap, [rtt], { write: () => ({ status: 423 }) });
    await user.run();
    expect(await user.row()).toMatchObject({ outcome: 'failed', unanswered_call: null });
    const lost = await aUser(database.db, swap, [rtt], {
      write: (n) => (n === 1 ? broken('ECONNRESET') : undefined),
    });
    await lost.run();
    expect(await lost.row()).toMatchObject({ outcome: 'applied', unanswered_call: null });
  });
});
