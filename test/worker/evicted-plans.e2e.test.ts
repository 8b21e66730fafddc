import { countsOf, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

/** As few as a worker can keep. */
const cachedWorkflows = 2;

describe('a worker that keeps two workflows in memory', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 20, seed: 5 },
      env: { TEMPORAL_CACHED_WORKFLOWS: String(cachedWorkflows) },
    });
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  /** Other plans wait from now on, so many that whatever waited before has left the memory. */
  async function crowdOut(): Promise<string[]> {
    const previews: string[] = [];
    for (let n = 0; n <= cachedWorkflows; n += 1) {
      const { status, body } = await stage.caller.org<{ rolloutId: string }>(
        'POST',
        'templates/organization/preview',
        { entitlements: [{ offer: 'FMS' }], existingUsers: true },
      );
      expect(status).toBe(202);
      await stage.caller.until(body.rolloutId, ({ phase }) => phase === 'planned');
      previews.push(body.rolloutId);
    }
    return previews;
  }

  it('starts a plan, opens a gate and writes every wave although others have crowded it out', async () => {
    const waves = [{ size: { count: 6 }, soakSeconds: 0 }, { size: { percent: 100 } }];
    const planned = await stage.flip({ waves });
    const { rolloutId } = planned;
    const [preview] = await crowdOut();
    await stage.caller.start(planned);
    for (const gate of ['after the pilot', 'after the first wave']) {
      await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
      await crowdOut();
      const promoted = await stage.caller.act(rolloutId, 'promote', { reason: gate });
      expect(promoted.status).toBe(200);
    }
    const done = await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done)).toMatchObject({ converged: planned.summary!.planned });
    expect((await stage.caller.act(preview!, 'discard')).status).toBe(200);
  });
});
