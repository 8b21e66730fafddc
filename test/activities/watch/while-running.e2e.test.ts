import type { RolloutBody } from '../../support/caller';
import { effectsByPerson } from '../../support/stage';
import type { LoggedWrite } from '../../../src/simulator/state/write-log';
import { until, WatchStage } from '../../support/watch-stage';

/** Slow enough for a bulk rollout to last while the watch looks and reacts. */
const writesPerSecond = 4;

describe('the watch next to other work', () => {
  let stage: WatchStage;
  let group: string;

  beforeAll(async () => {
    const env = { WEBEX_WRITES_PER_SECOND: String(writesPerSecond) };
    stage = await WatchStage.open({ simulator: { users: 120, seed: 5 }, env });
    await stage.makePlenty('MS', 'UCPREM', 'CJPPRM');
    group = await stage.addGroup('Sales');
    await stage.saveTemplate(group, ['CJPPRM']);
    await stage.look();
    await stage.change({ watch: { intervalSeconds: 1 } });
  });
  afterAll(() => stage.close());

  const isOver = ({ phase }: RolloutBody) => phase === 'completed';

  function writes(): LoggedWrite[] {
    return stage.world.simulator.simulator.log.read(0, Number.MAX_SAFE_INTEGER);
  }

  /** Gives everybody one license more; runs on for half a minute. */
  async function bulk(offers: string[]): Promise<RolloutBody> {
    const templateId = await stage.saveTemplate(null, offers);
    const planned = await stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      pilot: null,
      guards: { failurePercent: 100, failureMin: 10_000 },
    });
    await stage.caller.start(planned);
    return planned;
  }

  it('R14 R15 follows a changed interval, and a new hire does not wait behind a bulk rollout', async () => {
    const running = await bulk(['FMS', 'UCPREM']);
    const personId = await stage.addPerson('new-hire');
    const offers = await until(
      () => stage.offersOf(personId),
      (held) => held.includes('UCPREM'),
    );
    expect(offers).toContain('FMS');
    expect((await stage.caller.rollout(running.rolloutId)).phase).toBe('rolling-out');

    // R25: somebody whose row is open is left to the bulk rollout, and looked at again afterwards.
    const rows = await stage.stage.users(running.rolloutId);
    const last = rows.filter(({ outcome }) => outcome === 'planned').at(-1)!;
    await stage.members(group, { add: [last.personId] });
    const left = await until(
      () => stage.watch(),
      ({ waiting, deferred }) => waiting > 0 && deferred > 0,
    );
    expect(left).toMatchObject({ waiting: 1, deferred: 1, lastError: null });
    await stage.caller.until(running.rolloutId, isOver);
    await until(
      () => stage.offersOf(last.personId),
      (held) => held.includes('CJPPRM'),
    );
    // R101: the rollout's plan of this user had aged; who is left can be planned again.
    const ended = await stage.stage.users(running.rolloutId);
    expect(ended.find((row) => row.personId === last.personId)?.outcome).toBe('conflict');
    expect(await stage.reactions(last.personId)).toMatchObject([{ kinds: ['joined'] }]);
    const effects = effectsByPerson(writes());
    expect(effects.get(personId)).toBe(1);
    expect(effects.get(last.personId)).toBe(1);
  });

  it('R25 R15 a rollout that is over leaves nothing waiting', async () => {
    const { waiting, deferred } = await stage.untilWatch((watch) => watch.waiting === 0);
    expect({ waiting, deferred }).toEqual({ waiting: 0, deferred: 0 });
  });

  it('R46 R36 users who waited for a unit get it when units are free again', async () => {
    const id = stage.licenseOf('CJPPRM');
    const held = (await stage.stage.truth()).values();
    const used = [...held].filter(({ exists, licenses }) => exists && licenses.includes(id)).length;
    await stage.stage.control('PATCH', `licenses/${id}`, { totalUnits: used + 1 });
    const newcomers = [await stage.addPerson('waits-1'), await stage.addPerson('waits-2')];
    // Both join in one check. If one were still being served as a new user, two plans would count on one
    // unit, and what Webex refuses to the second is tried again after 15 minutes.
    for (const personId of newcomers) {
      await until(
        () => stage.offersOf(personId),
        (held) => held.includes('UCPREM'),
      );
    }
    await stage.untilWatch(({ waiting }) => waiting === 0);
    await stage.members(group, { add: newcomers });
    const holders = async () => {
      const offers = await Promise.all(newcomers.map((person) => stage.offersOf(person)));
      return offers.filter((list) => list.includes('CJPPRM')).length;
    };
    await until(holders, (count) => count === 1);
    await until(waitingRows, (rows) => rows > 0);
    await stage.stage.control('PATCH', `licenses/${id}`, { totalUnits: used + 2 });
    await until(holders, (count) => count === 2);
    const found = (await Promise.all(newcomers.map((one) => stage.reactions(one)))).flat();
    expect(
      found.some(({ kinds, mode }) => kinds.includes('units-free') && mode === 'waiting'),
    ).toBe(true);
  });

  async function waitingRows(): Promise<number> {
    const { rows } = await stage.world.database.db.$client.query(
      `SELECT 1 FROM rollout_user u JOIN rollout r USING (rollout_id)
       WHERE u.outcome = 'waiting-for-seat' AND r.phase = 'completed'`,
    );
    return rows.length;
  }

  it('R14 makes up for missed checks, and finds everybody once', async () => {
    await stage.world.stopWorkers();
    const people = [];
    for (let n = 0; n < 5; n += 1) people.push(await stage.addPerson(`missed-${n}`));
    const from = writes().length;
    await stage.world.startWorker();
    for (const personId of people) {
      await until(
        () => stage.offersOf(personId),
        (held) => held.includes('UCPREM'),
      );
    }
    await stage.untilWatch(({ waiting }) => waiting === 0);
    const effects = effectsByPerson(writes().slice(from));
    expect(people.map((personId) => effects.get(personId))).toEqual(people.map(() => 1));
    for (const personId of people) {
      const taken = (await stage.reactions(personId)).filter(({ rolloutId }) => rolloutId !== null);
      expect(taken).toHaveLength(1);
    }
  });
});
