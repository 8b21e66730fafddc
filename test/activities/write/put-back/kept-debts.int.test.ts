import { lookAtRestored } from '../../../../src/activities/write/put-back/restored-users';
import { createPutBackUpkeep } from '../../../../src/activities/write/put-back/put-back-upkeep';
import { recordMoveActivities } from '../../../../src/activities/rollout/record-moves';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { aUser, type Answer } from '../../../support/one-user';
import { adds, licenseId, personId, removes, type Asked } from '../../../support/scripted-webex';
import { aRollout } from '../../../support/seed';
import { MockActivityEnvironment } from '@temporalio/testing';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5, writableMirror: true });
});
afterAll(() => database.drop());

const [ms, rtt] = [licenseId('MS'), licenseId('RTT')];
const me = personId(1);

/** Leaves these licenses out of what is asked for. */
const without = (id: string, { body }: Asked): undefined => {
  const asked = body as { licenses: { id: string }[] };
  asked.licenses = asked.licenses.filter((license) => license.id !== id);
  return undefined;
};

/** Who loses RTT and doesn't get MS, and what Webex does when RTT is to be put back. */
async function aLoser(putBack: (asked: Asked) => Answer | undefined) {
  const user = await aUser(database.db, [adds('MS'), removes('RTT')], [rtt], {
    units: { [ms]: 5, [rtt]: 5 },
    write: (n, asked) => (n === 1 ? without(ms, asked) : putBack(asked)),
  });
  const query = (text: string, values: unknown[] = [user.rolloutId]) =>
    database.db.$client.query(text, values);
  return {
    ...user,
    query,
    upkeep: createPutBackUpkeep(user.deps),
    look: () => lookAtRestored(user.deps),
    patches: () => user.scripted.calls().filter((call) => call.startsWith('PATCH')).length,
    async ends() {
      await query(`UPDATE rollout SET phase = 'aborted', ended_at = now(), hold = NULL
        WHERE rollout_id = $1`);
    },
    async passes(minutes: number) {
      await query(
        `UPDATE rollout_user SET owed_next_at = owed_next_at - make_interval(mins => $2),
          restored_at = restored_at - make_interval(mins => $2) WHERE rollout_id = $1`,
        [user.rolloutId, minutes],
      );
    },
    /** The directory shows the user. */
    async isInDirectory(licenses: string[], gone = false) {
      await query(
        `INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at,
            first_seen_at, gone_at)
         VALUES ($1, $2, 'ada@acme.example', 'Ada', 'person', $3, now(), now(),
           CASE WHEN $4 THEN now() END)`,
        [user.orgId, me, JSON.stringify(licenses), gone],
      );
    },
  };
}

const refusals: [string, (asked: Asked) => Answer | undefined][] = [
  ['206 without it', (asked) => without(rtt, asked)],
  ['400', () => ({ status: 400 })],
  ['403', () => ({ status: 403 })],
  ['404', () => ({ status: 404 })],
  ['409', () => ({ status: 409 })],
  ['423', () => ({ status: 423 })],
];

describe('R95 a putting-back that Webex refuses', () => {
  it.each(refusals)('%s: stays owed after the end, and is paid', async (_, refusal) => {
    let isIll = true;
    const user = await aLoser((asked) => (isIll ? refusal(asked) : undefined));
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: [{}], owed_tries: 1 });
    await user.ends();

    expect(await user.upkeep()).toBe(0);
    const patches = user.patches();
    await user.passes(1);
    expect(await user.upkeep()).toBe(0);
    expect(user.patches()).toBeGreaterThan(patches);
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: [{}], owed_tries: 2 });

    isIll = false;
    await user.passes(14);
    expect(await user.upkeep()).toBe(0);
    expect([...user.holds]).toEqual([]);
    await user.passes(1);
    expect(await user.upkeep()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
    expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
    expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
  });

  it('halts the rollout once, and not again after a resume', async () => {
    const user = await aLoser(() => ({ status: 400 }));
    await user.run();
    expect(await user.hold()).toContain('could not be undone');
    const counted = 'SELECT users_failed FROM rollout WHERE rollout_id = $1';
    expect((await user.query(counted)).rows).toEqual([{ users_failed: 1 }]);
    await user.query('UPDATE rollout SET hold = NULL WHERE rollout_id = $1');
    await user.passes(1);
    expect(await user.upkeep()).toBe(0);
    expect(await user.row()).toMatchObject({ owed_tries: 2 });
    expect(await user.hold()).toBeNull();
    expect((await user.query(counted)).rows).toEqual([{ users_failed: 1 }]);
  });

  it('keeps no end waiting: upkeep goes on with it', async () => {
    const user = await aLoser(() => ({ status: 400 }));
    await user.run();
    const { drainWrites } = recordMoveActivities(user.deps);
    const { orgId, rolloutId } = user;
    await new MockActivityEnvironment().run(drainWrites, { orgId, rolloutId });
    expect(await user.row()).toMatchObject({ put_back: [{}] });
  });

  it('waits while another rollout has an open write of the user', async () => {
    let isIll = true;
    const user = await aLoser(() => (isIll ? { status: 400 } : undefined));
    await user.run();
    const other = await aRollout(database.db, {
      orgId: user.orgId,
      phase: 'completed',
      users: [{ personId: me, changes: [adds('MS')], before: { licenses: [], attendeeSites: [] } }],
    });
    const open = (at: string) =>
      user.query(`UPDATE rollout_user SET intent_at = ${at} WHERE rollout_id = $1`, [
        other.rolloutId,
      ]);
    await open('now()');
    await user.passes(1);
    isIll = false;
    expect(await user.upkeep()).toBe(0);
    expect([...user.holds]).toEqual([]);
    await open('NULL');
    expect(await user.upkeep()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
  });
});

describe('R95 what ends a debt without a call', () => {
  it.each<[string, string[], boolean, string]>([
    ['the user has left', [], true, 'The user has left the organization.'],
    ['what was refused is there', [ms], false, 'The user has got what was refused.'],
  ])('%s', async (_, licenses, gone, why) => {
    const user = await aLoser(() => ({ status: 400 }));
    await user.run();
    await user.isInDirectory(licenses, gone);
    await user.passes(1);
    const patches = user.patches();
    await user.upkeep();
    expect(user.patches()).toBe(patches);
    const { put_back, detail } = await user.row();
    expect(put_back).toBeNull();
    expect(detail).toContain(`Nothing is owed any more. ${why}`);
  });

  it.each<[string, string, boolean]>([
    ['another rollout has changed the same license', rtt, true],
    ['not: another rollout has changed another license', licenseId('EE'), false],
  ])('%s', async (_, target, ends) => {
    const user = await aLoser(() => ({ status: 400 }));
    await user.run();
    await user.isInDirectory([]);
    const other = await aRollout(database.db, { orgId: user.orgId, phase: 'completed' });
    await user.query(
      `INSERT INTO ledger (org_id, person_id, rollout_id, seq, attempt, operation, target, change, actor)
       VALUES ($1, $2, $3, 1, 1, 'remove', $4, '{}', 'rollout')`,
      [user.orgId, me, other.rolloutId, target],
    );
    await user.upkeep();
    expect((await user.row()).put_back === null).toBe(ends);
  });

  it('not a read that shows what an answer of the last day says is gone (R80a)', async () => {
    const user = await aLoser(() => ({ status: 400 }));
    await user.isInDirectory([ms]);
    await user.run();
    await user.passes(1);
    await user.upkeep();
    expect(await user.row()).toMatchObject({ put_back: [{}] });
  });
});

describe('R95 R99 a putting-back that only its answer says was done', () => {
  /** 200 with what the user held before, and nothing is done. */
  const lie = (asked: Asked): Answer => {
    without(rtt, asked);
    return { body: { personId: me, licenses: [rtt], siteUrls: [] } };
  };

  it('is owed again where no read shows it after five minutes, and paid', async () => {
    let isLying = true;
    const user = await aLoser((asked) => (isLying ? lie(asked) : undefined));
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual([]);
    expect(await user.row()).toMatchObject({ put_back: null, restored: [{}] });

    expect(await user.look()).toBe(0);
    await user.passes(3);
    expect(await user.look()).toBe(0);
    expect(await user.row()).toMatchObject({ put_back: null, restored: [{}] });
    await user.passes(3);
    expect(await user.look()).toBe(1);
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      put_back: [{}],
      restored: null,
      detail: expect.stringContaining('No read shows that it was put back') as string,
    });

    isLying = false;
    await user.passes(1);
    expect(await user.upkeep()).toBe(1);
    expect([...user.holds]).toEqual([rtt]);
    await user.passes(1);
    expect(await user.look()).toBe(0);
    expect(await user.row()).toMatchObject({ put_back: null, restored: null, owed_tries: 0 });
  });

  it('is done once a read shows it, and is not looked for any more', async () => {
    const user = await aLoser(() => undefined);
    await user.run();
    await user.passes(1);
    expect(await user.look()).toBe(0);
    expect(await user.row()).toMatchObject({ restored: null, put_back: null, owed_next_at: null });
    user.holds.clear();
    await user.passes(24 * 60);
    expect(await user.look()).toBe(0);
    expect(await user.row()).toMatchObject({ put_back: null });
  });

  it('is not judged while Webex does not answer', async () => {
    const user = await aLoser(lie);
    await user.run();
    await user.passes(25 * 60);
    const { webex } = user.deps;
    const readPeople = () => webex.readPeople([], 1);
    expect(await lookAtRestored({ ...user.deps, webex: { ...webex, readPeople } })).toBe(0);
    expect(await user.row()).toMatchObject({ put_back: null, restored: [{}] });
  });

  it('is not looked for after another rollout has removed it', async () => {
    const user = await aLoser(() => undefined);
    await user.run();
    await user.isInDirectory([]);
    const other = await aRollout(database.db, { orgId: user.orgId, phase: 'completed' });
    await user.query(
      `INSERT INTO ledger (org_id, person_id, rollout_id, seq, attempt, operation, target, change, actor)
       VALUES ($1, $2, $3, 1, 1, 'remove', $4, '{}', 'rollout')`,
      [user.orgId, me, other.rolloutId, rtt],
    );
    await user.upkeep();
    expect(await user.row()).toMatchObject({ restored: null, put_back: null });
  });
});
