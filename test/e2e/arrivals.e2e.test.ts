import type { LoggedWrite } from '../../src/simulator/state/write-log';
import type { RolloutBody } from '../support/caller';
import { countsOf, effectsByPerson, type PlannedRow } from '../support/stage';
import { expectNothingLeft, explained, writesAfter } from '../support/aftermath';
import { until, WatchStage } from '../support/watch-stage';

const existing = 500;
const arriving = 1_000;
/** Until all arrivals are found: the rollout has begun, and most of it is still to come. */
const slowPerSecond = 2;
/** Less than any machine writes, so that the order is that of priorities. */
const writesPerSecond = 20;
const fastPerSecond = 200;
const storyMs = 900_000;

describe('1,000 new users arrive while a rollout writes', () => {
  let stage: WatchStage;
  let group: string;
  let bulk: RolloutBody;
  let bulkRows: PlannedRow[];
  const arrivals: string[] = [];
  const joiners: string[] = [];

  beforeAll(async () => {
    const env = { WEBEX_WRITES_PER_SECOND: String(slowPerSecond) };
    stage = await WatchStage.open({ simulator: { users: existing, seed: 21 }, env });
    await stage.makePlenty('UCPREM', 'CJPPRM');
    await stage.change({ verification: { intervalsSeconds: [1], deadlineSeconds: 600 } });
    group = await stage.addGroup('Sales');
    await stage.saveTemplate(group, ['CJPPRM']);
    await stage.look();
    await stage.saveTemplate(null, ['FMS', 'FTC']);
    const templateId = await stage.saveTemplate(null, ['FMS', 'FTC', 'UCPREM']);
    bulk = await stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      pilot: null,
    });
    await stage.change({ watch: { intervalSeconds: 1, floodLimit: 5_000 } });
    await stage.caller.start(bulk);
    bulkRows = await stage.stage.users(bulk.rolloutId);
  }, storyMs);
  afterAll(() => stage.close());

  async function setPace(perSecond: number): Promise<void> {
    const body = { writesPerSecond: perSecond };
    expect((await stage.caller.act(bulk.rolloutId, 'set-pace', body)).status).toBe(200);
  }

  async function arrive(): Promise<void> {
    for (let from = 0; from < arriving; from += 50) {
      const names = Array.from({ length: 50 }, (_, n) => `arrival-${from + n}`);
      arrivals.push(...(await Promise.all(names.map((name) => stage.addPerson(name)))));
    }
  }

  /** Rollouts of new users that the watch has opened. */
  async function reactionRollouts(): Promise<RolloutBody[]> {
    const opened = (await stage.rollouts()).filter(({ title }) => title.includes('new user'));
    return Promise.all(opened.map(({ rolloutId }) => stage.caller.rollout(rolloutId)));
  }

  /** Users at the end of the rollout who don't hold what their new group gives. */
  async function lastWithout(offer: string, count: number): Promise<string[]> {
    const license = stage.licenseOf(offer);
    const truth = await stage.stage.truth();
    const lacking = bulkRows.filter(
      ({ personId }) => !truth.get(personId)!.licenses.includes(license),
    );
    return lacking.slice(-count).map(({ personId }) => personId);
  }

  function effective(): LoggedWrite[] {
    return writesAfter(stage).filter(({ isEffective }) => isEffective);
  }

  it(
    'R14 R15 R25 all of them get the revision in force, and none waits behind the rollout',
    async () => {
      await until(
        () => Promise.resolve(effective().length),
        (count) => count > 0,
      );
      await arrive();
      joiners.push(...(await lastWithout('CJPPRM', 3)));
      await stage.members(group, { add: joiners });
      await until(reactionRollouts, (opened) => {
        const isWriting = opened.every(({ phase }) => !['planning', 'planned'].includes(phase));
        const planned = opened.map(({ summary }) => summary?.planned ?? 0);
        return isWriting && planned.reduce((sum, users) => sum + users, 0) === arriving;
      });
      await setPace(writesPerSecond);
      const reactions = await until(
        reactionRollouts,
        (opened) => opened.every(({ phase }) => phase === 'completed'),
        storyMs,
      );
      expect((await stage.caller.rollout(bulk.rolloutId)).phase).toBe('rolling-out');
      const converged = reactions.map((one) => countsOf(one).converged ?? 0);
      expect(converged.reduce((sum, users) => sum + users, 0)).toBe(arriving);
      // R25: the watch waits for users whom the rollout has yet to write.
      const { waiting, deferred, lastError } = await stage.watch();
      expect({ waiting, deferred, lastError }).toEqual({
        waiting: joiners.length,
        deferred: joiners.length,
        lastError: null,
      });
    },
    storyMs,
  );

  it(
    'R25 the rollout continues to its end, and users left to it are checked again',
    async () => {
      await setPace(fastPerSecond);
      const done = await stage.caller.until(
        bulk.rolloutId,
        ({ phase }) => phase === 'completed',
        storyMs,
      );
      // R101: who joined a group since the plan is not written from it.
      expect(countsOf(done)).toMatchObject({
        converged: bulkRows.length - joiners.length,
        conflict: joiners.length,
      });
      for (const personId of joiners) {
        await until(
          () => stage.offersOf(personId),
          (held) => held.includes('CJPPRM'),
        );
      }
    },
    storyMs,
  );

  it('R14 R25 the log of writes shows everybody once, and the arrivals before the rest of the rollout', () => {
    const log = effective();
    const effects = effectsByPerson(log);
    const writtenTimes = (personIds: string[], times: number) =>
      personIds.filter((personId) => effects.get(personId) !== times);
    expect(writtenTimes(arrivals, 1)).toEqual([]);
    const others = bulkRows.map(({ personId }) => personId).filter((id) => !joiners.includes(id));
    expect(writtenTimes(others, 1)).toEqual([]);
    expect(writtenTimes(joiners, 1)).toEqual([]);
    expect(effects.size).toBe(arriving + bulkRows.length);

    const order = log.map(({ personId }) => personId!);
    const lastArrival = Math.max(...arrivals.map((personId) => order.lastIndexOf(personId)));
    const rest = new Set(order.slice(lastArrival + 1));
    expect(others.filter((personId) => rest.has(personId)).length).toBeGreaterThan(0);
    // Joiners: by the watch, when the rollout wrote no more.
    const lastOfBulk = Math.max(...others.map((personId) => order.lastIndexOf(personId)));
    for (const personId of joiners) {
      expect(order.lastIndexOf(personId)).toBeGreaterThan(lastOfBulk);
    }
  });

  it('R15 R22 every arrival holds just what the revision in force grants', async () => {
    const { licenses } = stage.world.simulator.simulator.organization.catalog;
    const offers = new Map(licenses.map(({ id, offer }) => [id, offer]));
    const truth = await stage.stage.truth();
    const held = arrivals.map((personId) =>
      truth
        .get(personId)!
        .licenses.map((id) => offers.get(id))
        .sort()
        .join(),
    );
    expect(new Set(held)).toEqual(new Set(['FMS,FSS,FTC,FTM,UCPREM']));
    for (const personId of [arrivals[0]!, arrivals[500]!, arrivals[999]!]) {
      await until(
        () => explained(stage, personId),
        ({ reactions }) => reactions.every(({ closedAt }) => closedAt !== null),
      );
      const { reactions, licenses: now } = await explained(stage, personId);
      expect(reactions).toMatchObject([{ mode: 'new', causes: [{ kind: 'new-user' }] }]);
      expect(now.find(({ offer }) => offer === 'UCPREM')?.provenance.kind).toBe('template');
    }
  });

  it('R14 leaves nothing behind, and no look overlapped another', () => expectNothingLeft(stage));
});
