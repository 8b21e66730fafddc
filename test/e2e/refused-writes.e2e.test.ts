import { countsOf, noFaults, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

describe('a rollout with automatic gates', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 40, seed: 5 },
      limits: { maxWriteAttempts: 2 },
    });
  });
  afterEach(() => stage.simulate(noFaults));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  it('R96 neither passes its gate nor goes on after it while every write is refused', async () => {
    const rollout = await stage.flip({ gates: 'automatic', pilot: { sample: { count: 3 } } });
    const { rolloutId } = rollout;
    await stage.simulate({ faults: { error5xxBefore: { probability: 1, on: 'writes' } } });
    await stage.caller.start(rollout);
    const gate = await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect(gate.waitingFor).toBe('promote, replan or abort: 0 of 3 pilot users were written');

    // A person goes on all the same: three may fail, and the fourth halts the rollout.
    await stage.caller.act(rolloutId, 'promote');
    const halted = await stage.caller.until(rolloutId, ({ phase }) => phase === 'halted');
    expect(halted.waitingFor).toContain('4 of 4 users failed, and at most 3 may');
    expect(countsOf(halted)).toMatchObject({ failed: 4, planned: rollout.summary!.planned - 4 });
    await stage.caller.act(rolloutId, 'abort');
    stage.flipBack();
  });

  it('R97 is verified to the end although the token is revoked meanwhile, and says what it waits for', async () => {
    await stage.verifyEvery(1, 600);
    const rollout = await stage.flip({ gates: 'automatic', pilot: { sample: { count: 3 } } });
    const { rolloutId } = rollout;
    await stage.simulate({ propagation: { delay: { mode: 'fixed', delayMs: 60_000 } } });
    await stage.caller.start(rollout);
    await stage.caller.until(rolloutId, ({ waitingFor }) =>
      (waitingFor ?? '').startsWith('Webex to show every change'),
    );
    const { adminToken, simulator } = stage.world.simulator;
    const token = simulator.tokens.find(adminToken)!;
    await stage.control('DELETE', `tokens/${adminToken}`);
    const waiting = await stage.caller.until(rolloutId, ({ waitingFor }) =>
      (waitingFor ?? '').includes('Webex to answer: '),
    );
    expect(waiting).toMatchObject({ phase: 'piloting' });
    simulator.record({ token });
    await stage.simulate(noFaults);
    await stage.control('POST', 'clock', { advanceMs: 120_000 });
    const done = await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done)).toEqual({ converged: rollout.summary!.planned });
  });
});
