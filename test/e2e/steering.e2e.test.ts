import { setTimeout as delay } from 'node:timers/promises';
import type { RolloutBody } from '../support/caller';
import { countsOf, expectEachOnce, noFaults, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

/** Every write takes this long: pause and abort always meet some that are under way. */
const latencyMs = 300;

describe('steering a rollout', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 200, seed: 11 },
      env: { WEBEX_WRITES_PER_SECOND: '500' },
    });
  });
  beforeEach(async () => {
    await stage.control('DELETE', 'writes');
    await stage.simulate({ ...noFaults, latencyMs });
  });
  afterEach(() => stage.simulate(noFaults));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  async function writing(
    request: Record<string, unknown> = {},
    draft = false,
    until = { writes: 30, perSecond: 25 },
  ): Promise<RolloutBody> {
    const planned = await stage.flip({ pilot: null, ...request }, { draft });
    await setPace(planned.rolloutId, until.perSecond);
    await stage.caller.start(planned);
    await stage.untilWrites(until.writes);
    return planned;
  }

  async function setPace(rolloutId: string, writesPerSecond: number): Promise<void> {
    const { status } = await stage.caller.act(rolloutId, 'set-pace', { writesPerSecond });
    expect(status).toBe(200);
  }

  async function completed(rolloutId: string): Promise<RolloutBody> {
    await setPace(rolloutId, 500);
    return stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
  }

  /** Nothing arrived at Webex after the answer, however long one watches. */
  async function expectSilenceSince(answeredAt: number): Promise<void> {
    await delay(3_000);
    const late = stage.writes.filter(({ arrivedAt }) => arrivedAt > answeredAt);
    expect(late).toEqual([]);
  }

  async function timesAudited(rolloutId: string, action: string): Promise<number> {
    const events = await stage.caller.org<{ items: { action: string }[] }>(
      'GET',
      `audit-events?target=rollouts/${rolloutId}`,
    );
    return events.body.items.filter((event) => event.action === action).length;
  }

  it('writes nothing after the answer to pause, and continues after resume', async () => {
    const { rolloutId } = await writing();
    const paused = await stage.caller.act(rolloutId, 'pause', { reason: 'lunch' });
    const answeredAt = Date.now();
    expect(paused).toMatchObject({ status: 200, body: { paused: true } });
    const atPause = stage.writes.length;
    expect(atPause).toBeGreaterThanOrEqual(30);
    await expectSilenceSince(answeredAt);
    expect(stage.writes).toHaveLength(atPause);
    expect((await stage.caller.rollout(rolloutId)).allowedActions).toContain('resume');

    expect((await stage.caller.act(rolloutId, 'resume')).status).toBe(200);
    const done = await completed(rolloutId);
    expect(countsOf(done).converged).toBe(done.summary!.planned);
    expectEachOnce(await stage.users(rolloutId), stage.writes);
  });

  it('holds through many pauses, each of them silent', async () => {
    // Slow enough for something to be left for the last pause.
    const { rolloutId } = await writing({}, false, { writes: 10, perSecond: 5 });
    for (let round = 0; round < 4; round += 1) {
      expect((await stage.caller.act(rolloutId, 'pause')).status).toBe(200);
      const answeredAt = Date.now();
      await delay(400);
      expect(stage.writes.filter(({ arrivedAt }) => arrivedAt > answeredAt)).toEqual([]);
      expect((await stage.caller.act(rolloutId, 'resume')).status).toBe(200);
      await delay(300);
    }
    await completed(rolloutId);
    expectEachOnce(await stage.users(rolloutId), stage.writes);
  });

  it('R16a, R99 after an abort nothing is written, the rest is withheld, the draft dropped, and the written are verified', async () => {
    const request = { pilot: { sample: { percent: 100 } } };
    const { rolloutId, summary } = await writing(request, true);
    const aborted = await stage.caller.act(rolloutId, 'abort', { reason: 'wrong template' });
    const answeredAt = Date.now();
    expect(aborted).toMatchObject({ status: 200, body: { phase: 'aborted' } });
    await expectSilenceSince(answeredAt);
    const counts = countsOf(await stage.caller.rollout(rolloutId));
    expect((counts.applied ?? 0) + (counts.converged ?? 0)).toBe(stage.writes.length);
    expect(counts.withheld).toBe(summary!.planned - stage.writes.length);
    // The organization is free, and those who were written are verified all the same.
    const followed = await stage.caller.until(rolloutId, ({ counts: now }) => !now.applied);
    expect(followed).toMatchObject({ phase: 'aborted', verifyingUntil: null });
    expect(countsOf(followed).converged).toBe(stage.writes.length);
    const template = await stage.caller.org('GET', 'templates/organization');
    expect(template.body).toMatchObject({ draft: null });
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const handle = stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`);
    // It ends once its shards have taken back what was waiting in the paced queue.
    await handle.result();
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    stage.flipBack();
  });

  it('also ends a paused rollout by abort', async () => {
    const { rolloutId } = await writing();
    await stage.caller.act(rolloutId, 'pause');
    expect((await stage.caller.act(rolloutId, 'abort')).status).toBe(200);
    await expectSilenceSince(Date.now());
    expect(await stage.caller.rollout(rolloutId)).toMatchObject({
      phase: 'aborted',
      paused: false,
    });
  });

  it('aborts at the gate', async () => {
    await stage.simulate(noFaults);
    const planned = await stage.flip({}, { draft: true });
    await stage.caller.start(planned);
    const { rolloutId } = planned;
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect(await stage.caller.act(rolloutId, 'abort')).toMatchObject({
      status: 200,
      body: { phase: 'aborted' },
    });
    const counts = countsOf(await stage.caller.rollout(rolloutId));
    expect(counts.planned).toBeUndefined();
    stage.flipBack();
  });

  it('R25 refuses a second rollout with the address of the first', async () => {
    const first = await writing();
    await stage.caller.act(first.rolloutId, 'pause');
    const second = await stage.caller.plan({
      change: { kind: 'remove-services', services: ['calling'], from: { organization: true } },
      acknowledgeIrreversible: true,
    });
    const refused = await stage.caller.act(second.rolloutId, 'start', { digest: second.digest });
    expect(refused).toMatchObject({ status: 409, body: { code: 'organization-busy' } });
    expect(refused.headers.get('location')).toMatch(new RegExp(`/rollouts/${first.rolloutId}$`));
    await stage.caller.act(second.rolloutId, 'discard');
    await stage.caller.act(first.rolloutId, 'resume');
    await completed(first.rolloutId);
  });

  it('changes the pace while it writes', async () => {
    const { rolloutId } = await writing({}, false, { writes: 10, perSecond: 15 });
    await setPace(rolloutId, 5);
    // Some were on their way already.
    const from = stage.writes.length + 15;
    await stage.untilWrites(from + 31);
    const times = stage.writes.slice(from, from + 31).map(({ arrivedAt }) => arrivedAt);
    const perSecond = 30_000 / (times.at(-1)! - times[0]!);
    // By the instants in the log; a busy machine may write later than it could, not faster than it may.
    expect(perSecond).toBeLessThan(8);
    await completed(rolloutId);
    expectEachOnce(await stage.users(rolloutId), stage.writes);
  });

  it('accepts one of many simultaneous starts', async () => {
    const planned = await stage.flip({ pilot: null });
    const { rolloutId, digest } = planned;
    const starts = Array.from({ length: 12 }, () =>
      stage.caller.act(rolloutId, 'start', { digest }),
    );
    const statuses = (await Promise.all(starts)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 11 }, () => 409)]);
    await completed(rolloutId);
    expect(await timesAudited(rolloutId, 'rollout.started')).toBe(1);
    expectEachOnce(await stage.users(rolloutId), stage.writes);
  });

  it('accepts one of two simultaneous promotions', async () => {
    await stage.simulate(noFaults);
    const waves = [{ size: { percent: 50 } }, { size: { percent: 100 } }];
    const planned = await stage.flip({ waves });
    await stage.caller.start(planned);
    const { rolloutId } = planned;
    const gate = () => stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    await gate();
    const answers = await Promise.all([
      stage.caller.act(rolloutId, 'promote'),
      stage.caller.act(rolloutId, 'promote'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await gate();
    expect(await timesAudited(rolloutId, 'rollout.promoted')).toBe(1);
    await stage.caller.act(rolloutId, 'promote');
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expectEachOnce(await stage.users(rolloutId), stage.writes);
  });

  it('ends in order when it is cancelled in Temporal', async () => {
    const { rolloutId } = await writing();
    const { orgUuid } = stage.world.simulator.simulator.organization;
    await stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`).cancel();
    const ended = await stage.caller.until(rolloutId, ({ phase }) => phase === 'aborted');
    expect(ended.phaseReason).toBe('cancelled in Temporal');
    const counts = await stage.caller.until(rolloutId, (r) => r.counts.planned === undefined);
    expect(countsOf(counts).withheld).toBeGreaterThan(0);
  });
});
