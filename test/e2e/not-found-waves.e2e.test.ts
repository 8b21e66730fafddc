import { countsOf, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

/** Webex, asked for people by id, names all of them as not found. */
const everybodyNotFound = {
  call: 'GET /people',
  query: { max: '85' },
  body: (body: unknown) => {
    const { items = [] } = body as { items?: { id: string }[] };
    return { items: [], notFoundIds: items.map(({ id }) => id) };
  },
};

describe('a wave of which Webex finds nobody', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 40, seed: 5 }, bend: [] });
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  it('R88 R89 R96 is not gone: few are asked for alone, and many wait for a person', async () => {
    const rollout = await stage.flip({ gates: 'automatic', pilot: { sample: { count: 3 } } });
    const { rolloutId, summary } = rollout;
    const bent = stage.world.bent!;
    bent.set(everybodyNotFound);
    await stage.caller.start(rollout);
    const halted = await stage.caller.until(rolloutId, ({ phase }) => phase === 'halted');
    const others = summary!.planned - 3;
    expect(halted.waitingFor).toContain(`did not find ${others} of ${others} users of wave 1`);
    expect(countsOf(halted)).toEqual({ converged: 3, planned: others });
    expect(bent.count('GET /people/{personId}')).toBeGreaterThanOrEqual(3);

    bent.straighten();
    await stage.caller.act(rolloutId, 'resume', { reason: 'Webex is well again' });
    const done = await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done)).toEqual({ converged: summary!.planned });
  });
});
