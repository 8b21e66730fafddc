import { effectsByPerson } from '../support/stage';
import { until, WatchStage } from './watch-stage';

const newcomers = 1_000;

describe('a thousand new users during a rollout', () => {
  let stage: WatchStage;

  beforeAll(async () => {
    const env = { WEBEX_WRITES_PER_SECOND: '60' };
    const watch = { intervalSeconds: 2, floodLimit: 5_000 };
    stage = await WatchStage.open({ simulator: { users: 600, seed: 21 }, env }, watch);
  });
  afterAll(() => stage.close());

  it('R14 R15 R25 are all reconciled, each by one write, and the rollout goes on', async () => {
    const templateId = await stage.saveTemplate(null, ['FMS', 'FTC', 'UCPREM']);
    const planned = await stage.caller.plan({
      change: { kind: 'template', templateId },
      existingUsers: true,
      pilot: null,
    });
    await stage.caller.start(planned);
    const added: string[] = [];
    for (let n = 0; n < newcomers; n += 1) added.push(await stage.addPerson(`thousand-${n}`));
    const { simulator } = stage.world.simulator;
    const ucprem = stage.licenseOf('UCPREM');
    await until(
      async () => {
        const truth = await stage.stage.truth();
        return added.filter((id) => !truth.get(id)?.licenses.includes(ucprem)).length;
      },
      (missing) => missing === 0,
      240_000,
    );
    const { rolloutId } = planned;
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    await stage.untilWatch(({ waiting }) => waiting === 0);
    const effects = effectsByPerson(simulator.log.read(0, Number.MAX_SAFE_INTEGER));
    expect(new Set(added.map((id) => effects.get(id)))).toEqual(new Set([1]));
    expect(added).toHaveLength(newcomers);
  });
});
