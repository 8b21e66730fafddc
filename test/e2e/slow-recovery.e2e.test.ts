import { countsOf, effectsByPerson, type PlannedRow } from '../support/stage';
import { expectNothingLeft, writesAfter } from '../support/aftermath';
import { until, WatchStage } from '../support/watch-stage';

/** So slow that several looks come while those are written whom an earlier one found. */
const writesPerSecond = 1;

describe('a shortage that ends faster than can be written', () => {
  let stage: WatchStage;
  let license: string;
  let order: string[];
  /** Units of those who held one before. */
  let used: number;

  beforeAll(async () => {
    const env = { WEBEX_WRITES_PER_SECOND: String(writesPerSecond) };
    stage = await WatchStage.open({ simulator: { users: 24, seed: 9 }, env });
    license = stage.licenseOf('RTT');
    const held = [...(await stage.stage.truth()).values()].filter(({ licenses }) =>
      licenses.includes(license),
    );
    used = held.length;
    await setUnits(0);
    const templateId = await stage.saveTemplate(null, ['RTT']);
    const change = { kind: 'template', templateId };
    const planned = await stage.caller.plan({ change, existingUsers: true, pilot: null });
    await stage.caller.start(planned);
    const path = `rollouts/${planned.rolloutId}/users?limit=1000&outcome=waiting-for-seat`;
    await stage.caller.until(planned.rolloutId, ({ phase }) => phase === 'completed');
    const { body } = await stage.caller.org<{ items: PlannedRow[] }>('GET', path);
    order = body.items.sort((one, other) => one.seq - other.seq).map(({ personId }) => personId);
    expect(order.length).toBeGreaterThan(15);
    await stage.stage.control('DELETE', 'writes');
    await stage.change({ watch: { intervalSeconds: 1 } });
  });
  afterAll(() => stage.close());

  async function setUnits(free: number): Promise<void> {
    await stage.stage.control('PATCH', `licenses/${license}`, { totalUnits: used + free });
  }

  async function holders(): Promise<string[]> {
    const truth = await stage.stage.truth();
    return order.filter((personId) => truth.get(personId)!.licenses.includes(license));
  }

  it('R46 a unit is promised to one user only, however often is looked while it is written', async () => {
    for (const units of [6, 10]) {
      await setUnits(units);
      await until(holders, (held) => held.length === units);
      const { looks } = await stage.watch();
      await stage.untilWatch((watch) => watch.looks > looks + 2 && watch.waiting === 0);
      expect(await holders()).toEqual(order.slice(0, units));
    }
    const effects = effectsByPerson(writesAfter(stage));
    expect(Object.fromEntries(effects)).toEqual(
      Object.fromEntries(order.slice(0, 10).map((personId) => [personId, 1])),
    );
    expect(writesAfter(stage)).toHaveLength(10);
    const reactions = (await stage.rollouts()).filter(({ createdBy }) => createdBy === 'seatwise');
    for (const { rolloutId } of reactions) {
      const counts = countsOf(await stage.caller.rollout(rolloutId));
      expect(Object.keys(counts)).toEqual(['converged']);
    }
  });

  it('R46 everybody else is served when there are units for all, and nothing is left over', async () => {
    await setUnits(1_000);
    await until(holders, (held) => held.length === order.length);
    await expectNothingLeft(stage);
  });
});
