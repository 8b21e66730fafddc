import { setTimeout as delay } from 'node:timers/promises';
import { Caller } from '../../support/caller';
import { Processes, type Process } from '../../support/processes';
import { effectsByPerson, noFaults, Stage } from '../../support/stage';
import { until, type WatchBody } from '../../support/watch-stage';

const people = 6;

describe('a watch whose worker is killed', () => {
  let processes: Processes;
  let stage: Stage<Processes>;
  let worker: Process;

  beforeAll(async () => {
    processes = await Processes.open({ users: 40, writesPerSecond: 50 });
    [worker] = await Promise.all([processes.startWorker(), processes.startApi()]);
    stage = await Stage.on(processes);
    const watch = { intervalSeconds: 1, floodLimit: 100 };
    expect((await stage.caller.org('PATCH', 'settings', { watch })).status).toBe(200);
    await until(look, ({ baselineAt }) => baselineAt !== null);
  });
  afterAll(() => processes.close());

  async function look(): Promise<WatchBody> {
    return (await new Caller(processes).org<WatchBody>('GET', 'watch')).body;
  }

  it('R14 finds and reconciles everybody once, wherever in its check it was killed', async () => {
    await stage.saveTemplate(['FMS', 'FTC', 'UCPREM']);
    const added: string[] = [];
    for (let kills = 0; kills < 3; kills += 1) {
      // Reads take long enough for the kill to come in the middle of a look.
      await stage.simulate({ ...noFaults, latencyMs: 250 });
      for (let n = 0; n < people; n += 1) {
        const { personId } = await stage.control<{ personId: string }>(
          'POST',
          'people?immediate=true',
          { emails: [`killed-${kills}-${n}@watch.example.com`], displayName: 'Somebody New' },
        );
        added.push(personId);
      }
      await delay(400 * kills);
      await worker.kill();
      await stage.simulate(noFaults);
      worker = await processes.startWorker();
    }
    await until(
      async () => {
        const truth = await stage.truth();
        const licensed = [...truth.values()].filter(({ licenses }) =>
          licenses.some((id) => decode(id).includes(':UCPREM_')),
        );
        const ids = new Set(licensed.map(({ personId }) => personId));
        return added.filter((id) => !ids.has(id)).length;
      },
      (missing) => missing === 0,
      240_000,
    );
    await until(look, ({ waiting }) => waiting === 0);
    const effects = effectsByPerson(stage.writes);
    expect(added.map((id) => effects.get(id))).toEqual(added.map(() => 1));
  });

  function decode(id: string): string {
    return Buffer.from(id, 'base64url').toString();
  }
});
