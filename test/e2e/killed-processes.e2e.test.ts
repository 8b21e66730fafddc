import { setTimeout as delay } from 'node:timers/promises';
import type { RolloutBody } from '../support/caller';
import { Processes, type Process } from '../support/processes';
import { countsOf, expectEachOnce, noFaults, Stage } from '../support/stage';
import { waitFor } from '../support/wait-for';

/** Slow enough to be in the middle of a wave for some seconds, with writes always under way. */
const writesPerSecond = 25;
const latencyMs = 200;

describe('a rollout whose processes are killed', () => {
  let processes: Processes;
  let stage: Stage<Processes>;
  let worker: Process;
  let api: Process;

  beforeAll(async () => {
    processes = await Processes.open({ users: 150, writesPerSecond });
    [worker, api] = await Promise.all([processes.startWorker(), processes.startApi()]);
    stage = await Stage.on(processes);
  });
  beforeEach(async () => {
    await stage.control('DELETE', 'writes');
    await stage.simulate({ ...noFaults, latencyMs });
  });
  afterAll(() => processes.close());

  async function midWave(): Promise<RolloutBody> {
    const planned = await stage.flip({ pilot: null });
    await stage.caller.start(planned);
    await stage.untilWrites(40);
    return planned;
  }

  /** Nobody missed, nobody written twice with effect, and the truth is what was planned. */
  async function expectWhole(planned: RolloutBody): Promise<void> {
    const { rolloutId, summary } = planned;
    const isDone = ({ phase }: RolloutBody) => phase === 'completed';
    const done = await stage.caller.until(rolloutId, isDone);
    expect(countsOf(done).converged).toBe(summary!.planned);
    const users = await stage.users(rolloutId);
    expectEachOnce(users, stage.writes);
    const truth = await stage.truth();
    for (const { personId, changes } of users) {
      const { licenses } = truth.get(personId)!;
      for (const { operation, target } of changes) {
        expect(licenses.includes(target.licenseId!)).toBe(operation === 'add');
      }
    }
  }

  it('continues with another worker after SIGKILL in the middle of a wave', async () => {
    const planned = await midWave();
    await worker.kill();
    const atKill = stage.writes.length;
    expect(atKill).toBeLessThan(planned.summary!.planned);
    worker = await processes.startWorker();
    await expectWhole(planned);
  });

  it('continues with the second of two workers, and answers a pause in between', async () => {
    const second = await processes.startWorker();
    const planned = await midWave();
    await worker.kill();
    const paused = await stage.caller.act(planned.rolloutId, 'pause');
    const answeredAt = Date.now();
    expect(paused).toMatchObject({ status: 200, body: { paused: true } });
    await delay(3_000);
    expect(stage.writes.filter(({ arrivedAt }) => arrivedAt > answeredAt)).toEqual([]);
    const { rolloutId } = planned;
    expect((await stage.caller.act(rolloutId, 'resume')).status).toBe(200);
    worker = second;
    await expectWhole(planned);
  });

  it('continues without the API, which finds everything when it is back', async () => {
    const planned = await midWave();
    await api.kill();
    await stage.untilWrites(stage.writes.length + 10);
    api = await processes.startApi();
    await expectWhole(planned);
  });

  it.each([3, 15, 40])(
    'makes one rollout of a POST that was killed after %i ms and repeated',
    async (afterMs) => {
      const key = `killed-after-${afterMs}`;
      const template = await stage.caller.org('GET', 'templates/organization');
      const change = { kind: 'template', templateId: template.body.templateId };
      const post = () =>
        stage.caller.org<RolloutBody>('POST', 'rollouts', { change }, { 'idempotency-key': key });
      const lost = post().catch(() => null);
      await delay(afterMs);
      await api.kill();
      await lost;
      api = await processes.startApi();
      const { status, body } = await post();
      expect(status).toBe(202);
      const again = await post();
      expect(again.body.rolloutId).toBe(body.rolloutId);
      const isPlanned = ({ phase }: RolloutBody) => phase === 'planned';
      await stage.caller.until(body.rolloutId, isPlanned);
      const { body: list } = await stage.caller.org<{ items: { phase: string }[] }>(
        'GET',
        'rollouts?phase=planning,planned',
      );
      expect(list.items).toHaveLength(1);
      await stage.caller.act(body.rolloutId, 'discard');
    },
  );

  it('continues when PostgreSQL is restarted in the middle of a wave', async () => {
    const planned = await midWave();
    await processes.restartPostgres(1_500);
    await expectWhole(planned);
  });

  it('continues when the Temporal server is restarted in the middle of a wave', async () => {
    const planned = await midWave();
    await processes.restartTemporal(1_500);
    await expectWhole(planned);
  });

  it('names a Temporal server that is away, and takes actions that follow each other', async () => {
    const planned = await midWave();
    const { rolloutId } = planned;
    await processes.stopTemporal();
    const stoppedAt = Date.now();
    await waitFor('the outage in the progress', async () =>
      (await waitingFor(rolloutId)).includes('Temporal to answer: unreachable since 20'),
    );
    const since = /since (\S+Z)/.exec(await waitingFor(rolloutId))![1]!;
    expect(Math.abs(Date.parse(since) - stoppedAt)).toBeLessThan(20_000);
    expect(await waitingFor(rolloutId)).not.toContain('worker');
    const { status, body } = await stage.caller.org<{ waitingFor: string }>('GET', 'watch');
    expect([status, body.waitingFor]).toEqual([
      200,
      `Temporal to answer: unreachable since ${since}`,
    ]);

    // Each is judged by where the one before it leads.
    for (const action of ['pause', 'resume', 'pause', 'resume']) {
      expect([action, (await stage.caller.act(rolloutId, action)).status]).toEqual([action, 202]);
    }
    expect(await waitingFor(rolloutId)).toContain('Temporal: pause or abort was accepted at 20');
    const written = stage.writes.length;
    await processes.startTemporal();
    await expectWhole(planned);
    expect(stage.writes.length).toBeGreaterThan(written);
    const { body: log } = await stage.caller.org<{ items: { action: string; target: string }[] }>(
      'GET',
      'audit-events?limit=50',
    );
    const audited = log.items
      .filter(({ target }) => target === `rollouts/${rolloutId}`)
      .flatMap(({ action }) => /^rollout\.(?:paused|resumed)$/.exec(action) ?? []);
    expect(audited).toEqual([1, 2].flatMap(() => ['rollout.resumed', 'rollout.paused']));
  });

  async function waitingFor(rolloutId: string): Promise<string> {
    const { body } = await stage.caller.org<{ waitingFor: string | null }>(
      'GET',
      `rollouts/${rolloutId}/progress`,
    );
    return body.waitingFor ?? '';
  }
});
