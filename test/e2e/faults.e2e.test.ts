import { setTimeout as delay } from 'node:timers/promises';
import { writesInFlight } from '../../src/db/write/writes-in-flight';
import type { RolloutBody } from '../support/caller';
import { countsOf, effectsByPerson, expectEachOnce, noFaults, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

describe('a rollout against a faulty Webex', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 60, seed: 5 },
      limits: { maxWriteAttempts: 3 },
    });
  });
  beforeEach(() => stage.control('DELETE', 'writes'));
  afterEach(() => stage.simulate(noFaults));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  const noPilot = { pilot: null };
  const lenient = { ...noPilot, guards: { failurePercent: 100, failureMin: 1_000 } };

  async function planned(request: Record<string, unknown> = lenient) {
    const rollout = await stage.flip(request);
    return { rollout, users: await stage.users(rollout.rolloutId) };
  }

  function until(rollout: RolloutBody, phase: string): Promise<RolloutBody> {
    return stage.caller.until(rollout.rolloutId, (seen) => seen.phase === phase);
  }

  it.each(['error5xxAfter', 'resetAfter', 'error5xxBefore', 'resetBefore'])(
    'repeats a write whose answer was lost (%s), with one effect each',
    async (fault) => {
      const { rollout, users } = await planned();
      await stage.simulate({ faults: { [fault]: { probability: 0.25, seed: 3, times: 20 } } });
      const done = await stage.carryOut(rollout);
      expect(countsOf(done).converged).toBe(rollout.summary!.planned);
      expect(stage.writes.length).toBeGreaterThan(users.length);
      expectEachOnce(users, stage.writes);
    },
  );

  it('R97 lets one user wait after 423, and neither the organization nor its pace', async () => {
    const { rollout, users } = await planned();
    await stage.simulate({
      faults: { locked423: { probability: 1, times: 3, retryAfterSeconds: 1 } },
    });
    const done = await stage.carryOut(rollout);
    expect(countsOf(done).converged).toBe(rollout.summary!.planned);
    expectEachOnce(users, stage.writes);
    expect((done as unknown as { pace: { source: string } }).pace.source).not.toBe('throttled');
  });

  it('lets the organization wait after 429, and fails nobody', async () => {
    const { rollout, users } = await planned();
    await stage.simulate({
      throttle: { ratePerSecond: 4, burst: 10, lockoutSeconds: 1, on: 'writes' },
    });
    const done = await stage.carryOut(rollout);
    expect(countsOf(done).converged).toBe(rollout.summary!.planned);
    expectEachOnce(users, stage.writes);
    const rows = await stage.users(rollout.rolloutId);
    expect(rows.every(({ attempts }) => attempts === 1)).toBe(true);
    expect((done as unknown as { pace: { source: string } }).pace.source).toBe('throttled');
    // The next story begins at full pace.
    await stage.world.database.db.$client.query('DELETE FROM org_pace');
  });

  it('leaves users alone who were changed by somebody else since the plan, or do not exist any more', async () => {
    const { rollout, users } = await planned();
    const [changed, gone] = users;
    const rtt = licenseOf('RTT');
    await stage.control('PATCH', `people/${changed!.personId}`, { addLicenses: [rtt] });
    await stage.control('DELETE', `people/${gone!.personId}`);
    const done = await stage.carryOut(rollout);
    expect(countsOf(done)).toMatchObject({
      conflict: 1,
      gone: 1,
      converged: rollout.summary!.planned - 2,
    });
    const written = effectsByPerson(stage.writes);
    expect(written.has(changed!.personId)).toBe(false);
    expect(written.has(gone!.personId)).toBe(false);
    await stage.control('PATCH', `people/${changed!.personId}`, { removeLicenses: [rtt] });
  });

  it('names a user whose deletion only the write meets as gone', async () => {
    const { rollout, users } = await planned();
    await stage.simulate({ propagation: { delay: { mode: 'fixed', delayMs: 3_000 } } });
    const last = users.at(-1)!;
    await stage.control('DELETE', `people/${last.personId}`);
    const done = await stage.carryOut(rollout);
    expect(countsOf(done)).toMatchObject({ gone: 1, converged: rollout.summary!.planned - 1 });
  });

  it('R96 halts when one more fails than may, and continues after a resume with a reason', async () => {
    const { rollout, users } = await planned(noPilot);
    await stage.simulate({ faults: { error5xxBefore: { probability: 1 } } });
    await stage.caller.start(rollout);
    const halted = await until(rollout, 'halted');
    expect(halted.phaseReason).toContain('4 of 4 users failed, and at most 3 may');
    expect(halted.waitingFor).toContain('resume');
    await untilQuiet(rollout.rolloutId);
    await stage.simulate(noFaults);
    const calls = stage.writes.length;
    await delay(2_500);
    expect(stage.writes).toHaveLength(calls);

    const resumed = await stage.caller.act(rollout.rolloutId, 'resume', { reason: 'mended' });
    expect(resumed.status).toBe(200);
    const done = await until(rollout, 'completed');
    expect(countsOf(done)).toMatchObject({ failed: 4, converged: users.length - 4 });

    expect((await stage.caller.act(rollout.rolloutId, 'retry-failed')).status).toBe(200);
    const retried = await stage.caller.until(
      rollout.rolloutId,
      ({ phase, counts }) => phase === 'completed' && counts.failed === undefined,
    );
    expect(countsOf(retried).converged).toBe(users.length);
    expectEachOnce(users, stage.writes);
  });

  it('is aborted after a halt, and a retry writes everybody who failed', async () => {
    const { rollout, users } = await planned(noPilot);
    await stage.simulate({ faults: { error5xxBefore: { probability: 1 } } });
    await stage.caller.start(rollout);
    await until(rollout, 'halted');
    await untilQuiet(rollout.rolloutId);
    await stage.simulate(noFaults);
    expect((await stage.caller.act(rollout.rolloutId, 'abort')).status).toBe(200);
    const aborted = countsOf(await stage.caller.rollout(rollout.rolloutId));
    expect((aborted.failed ?? 0) + (aborted.withheld ?? 0)).toBe(users.length);

    expect((await stage.caller.act(rollout.rolloutId, 'retry-failed')).status).toBe(200);
    const done = await until(rollout, 'completed');
    expect(countsOf(done)).toMatchObject({ converged: aborted.failed });
    expect(Math.max(...effectsByPerson(stage.writes).values())).toBe(1);
    // What was withheld stays so: the next story starts from everybody alike.
    stage.flipBack();
    const again = await stage.flip(noPilot);
    await stage.carryOut(again);
  });

  it('distinguishes a partial write from a whole one: 206, and a 200 without effect', async () => {
    const { rollout, users } = await planned();
    const [half, without] = users;
    await stage.simulate({
      faults: {
        half206: { probability: 1, personIds: [half!.personId] },
        ineffectiveRemoval200: { probability: 1, personIds: [without!.personId] },
      },
    });
    const done = await stage.carryOut(rollout);
    const rows = await stage.users(rollout.rolloutId);
    expect(rows[0]).toMatchObject({
      outcome: 'failed',
      detail: expect.stringMatching(/^Webex did not (add|remove) /) as string,
    });
    const isRemoval = users[1]!.changes.some(({ operation }) => operation === 'remove');
    expect(rows[1]!.outcome).toBe(isRemoval ? 'failed' : 'converged');
    expect(countsOf(done).converged).toBeGreaterThanOrEqual(users.length - 2);
    await stage.simulate(noFaults);
    await stage.caller.act(rollout.rolloutId, 'retry-failed');
    await stage.caller.until(
      rollout.rolloutId,
      ({ phase, counts }) => phase === 'completed' && counts.failed === undefined,
    );
  });

  it('objects to an automatic gate when the pilot went wrong', async () => {
    await stage.verifyEvery(1, 2);
    const { rollout } = await planned({
      gates: 'automatic',
      pilot: { sample: { count: 5 } },
      guards: { failurePercent: 20, failureMin: 10 },
    });
    await stage.simulate({ propagation: { delay: { mode: 'fixed', delayMs: 60_000 } } });
    await stage.caller.start(rollout);
    const gate = await until(rollout, 'awaiting-promotion');
    expect(gate.counts.unconverged).toMatchObject({ users: 5 });
    expect(gate.waitingFor).toContain('0 of 5 pilot users were written and seen');
    await stage.simulate(noFaults);
    await stage.control('POST', 'clock', { advanceMs: 120_000 });
    await stage.verifyEvery(1, 60);
    await stage.caller.act(rollout.rolloutId, 'promote');
    await until(rollout, 'completed');
  });

  it('shows what it waits for while Webex is unreachable at planning, and continues', async () => {
    await stage.simulate({ faults: { error5xxBefore: { probability: 1, on: 'reads' } } });
    const templateId = await stage.saveTemplate(['FMS', 'FTC']);
    const created = await stage.caller.org<RolloutBody>('POST', 'rollouts', {
      change: { kind: 'template', templateId },
    });
    const { rolloutId } = created.body;
    const waiting = await stage.caller.until(rolloutId, ({ waitingFor }) =>
      /^Webex to answer: .*503/.test(waitingFor ?? ''),
    );
    expect(waiting).toMatchObject({ phase: 'planning' });
    await stage.simulate(noFaults);
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'planned');
    expect((await stage.caller.act(rolloutId, 'discard')).status).toBe(200);
  });

  it('halts when the token is revoked, and continues after a resume once it is valid again', async () => {
    const { rollout, users } = await planned();
    await stage.simulate({ latencyMs: 200 });
    await stage.caller.act(rollout.rolloutId, 'set-pace', { writesPerSecond: 10 });
    await stage.caller.start(rollout);
    await stage.untilWrites(10);
    const { adminToken, simulator } = stage.world.simulator;
    const token = simulator.tokens.find(adminToken)!;
    await stage.control('DELETE', `tokens/${adminToken}`);
    const halted = await until(rollout, 'halted');
    expect(halted.phaseReason).toMatch(/401/);
    expect(halted.phaseReason).not.toContain(adminToken);
    simulator.record({ token });
    await stage.caller.act(rollout.rolloutId, 'resume', { reason: 'token renewed' });
    const done = await until(rollout, 'completed');
    expect(countsOf(done).converged).toBe(users.length);
    expectEachOnce(users, stage.writes);
  });

  /** Calls that were allowed before a halt may still be under way after it. */
  async function untilQuiet(rolloutId: string): Promise<void> {
    const { db } = stage.world.database;
    while ((await writesInFlight(db, rolloutId)) > 0) await delay(50);
  }

  function licenseOf(offer: string): string {
    const { catalog } = stage.world.simulator.simulator.organization;
    for (let index = 0; ; index += 1) {
      const license = catalog.at(index);
      if (license.offer === offer) return license.id;
    }
  }
});
