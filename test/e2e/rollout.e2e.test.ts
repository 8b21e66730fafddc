import { countsOf, expectEachOnce, Stage } from '../support/stage';
import { timersOf } from '../support/timers';
import { waitFor } from '../support/wait-for';
import { closeRuntime } from '../support/world';

describe('rollout', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 40, seed: 7 },
      // Long enough for every other plan to be started in time, on a busy machine too.
      limits: { planExpiresInMs: 15_000 },
    });
  });
  beforeEach(() => stage.control('DELETE', 'writes'));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  it('carries a template from plan to proof: pilot, gate, wave, verification', async () => {
    const planned = await stage.flip();
    expect(planned).toMatchObject({ phase: 'planned', waitingFor: 'start, replan or discard' });
    const { rolloutId } = planned;
    await stage.caller.start(planned);
    const piloted = await stage.caller.until(rolloutId, ({ phase }) => phase !== 'piloting');
    expect(piloted).toMatchObject({
      phase: 'awaiting-promotion',
      waitingFor: 'promote, replan or abort',
    });
    expect(piloted.counts.converged).toEqual(expect.objectContaining({ users: 5 }));
    expect(stage.writes).toHaveLength(5);

    expect((await stage.caller.act(rolloutId, 'promote')).status).toBe(200);
    const done = await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done).converged).toBe(planned.summary!.planned);
    expectEachOnce(await stage.users(rolloutId), stage.writes);
  });

  it('R79 writes at once where the pilot is waived by name', async () => {
    const done = await stage.carryOut(await stage.flip({ pilot: null }));
    expect(countsOf(done).converged).toBe(done.summary!.planned);
    expectEachOnce(await stage.users(done.rolloutId), stage.writes);
  });

  it('has no wave after the gate where everybody is in the pilot', async () => {
    const planned = await stage.flip({ pilot: { sample: { percent: 100 } } });
    await stage.caller.start(planned);
    const { rolloutId } = planned;
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect(stage.writes).toHaveLength(planned.summary!.planned);
    await stage.caller.act(rolloutId, 'promote');
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(stage.writes).toHaveLength(planned.summary!.planned);
  });

  it('completes immediately if nobody changes', async () => {
    const planned = await stage.caller.plan({
      change: { kind: 'remove-services', services: ['messaging'], from: { users: [someone()] } },
      preserveLicenses: true,
      pilot: null,
    });
    const first = await stage.carryOut(planned);
    expect(first.summary!.planned).toBe(1);
    const again = await stage.caller.plan({
      change: { kind: 'remove-services', services: ['messaging'], from: { users: [someone()] } },
    });
    expect(again.summary!.planned).toBe(0);
    await stage.carryOut(again);
    expect(stage.writes).toHaveLength(1);
  });

  it('waits at a manual gate after every wave but the last, and soaks before it', async () => {
    const waves = [{ size: { percent: 40 }, soakSeconds: 2 }, { size: { percent: 100 } }];
    const planned = await stage.flip({ pilot: null, waves });
    const { rolloutId } = planned;
    await stage.caller.start(planned);
    const gate = await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    const [first] = (
      (await stage.caller.rollout(rolloutId)) as unknown as {
        summary: { waves: { users: number }[] };
      }
    ).summary.waves;
    expect(stage.writes).toHaveLength(first!.users);
    const { orgUuid } = stage.world.simulator.simulator.organization;
    const handle = stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`);
    const { events } = await handle.fetchHistory();
    // The soak begins once the wave is written, and is over at the gate.
    const soak = timersOf(events).find(({ durationMs }) => durationMs === 2_000);
    expect(soak).toMatchObject({ hasFired: true });
    const written = events!.find((event) => event.childWorkflowExecutionCompletedEventAttributes);
    expect(Number(written!.eventId)).toBeLessThan(soak!.eventId);
    expect(gate.counts.applied).toMatchObject({ users: first!.users });
    await stage.caller.act(rolloutId, 'promote');
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expectEachOnce(await stage.users(rolloutId), stage.writes);
  });

  it('opens automatic gates when all went well', async () => {
    const waves = [{ size: { percent: 50 } }, { size: { percent: 100 } }];
    const done = await stage.carryOut(await stage.flip({ gates: 'automatic', waves }));
    expect(countsOf(done).converged).toBe(done.summary!.planned);
  });

  it('R16a discards a plan and its draft, and the revision before it remains in force', async () => {
    const planned = await stage.flip({}, { draft: true });
    const before = await inForce();
    expect((await stage.caller.act(planned.rolloutId, 'discard')).body.phase).toBe('discarded');
    expect(await inForce()).toEqual({ ...before, draft: null });
    stage.flipBack();
  });

  it('expires a plan that nobody starts, and drops its draft', async () => {
    const planned = await stage.flip({}, { draft: true });
    const expired = await stage.caller.until(planned.rolloutId, ({ phase }) => phase !== 'planned');
    expect(expired).toMatchObject({ phase: 'expired', phaseReason: 'nobody started it in time' });
    expect((await inForce()).draft).toBeNull();
    const late = await stage.caller.act(planned.rolloutId, 'start', { digest: planned.digest });
    expect(late.status).toBe(409);
    stage.flipBack();
  });

  it('R16a a draft governs from the promotion on', async () => {
    const planned = await stage.flip({}, { draft: true });
    const before = await inForce();
    await stage.caller.start(planned);
    const { rolloutId } = planned;
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    expect(await inForce()).toEqual(before);
    await stage.caller.act(rolloutId, 'promote');
    expect(await inForce()).toEqual({ inForce: before.draft, draft: null });
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
  });

  it('tells its story in the Temporal UI without our API', async () => {
    const planned = await stage.flip({ pilot: null, reason: 'for the story' });
    const done = await stage.carryOut(planned);
    const { client } = stage.world;
    const [row] = await stage.users(done.rolloutId);
    const query = `SeatwisePhase = 'completed' AND SeatwiseTotal > 0`;
    const ids: string[] = [];
    const found = () => ids.find((id) => id.endsWith(done.rolloutId));
    await waitFor('the rollout is listed', async () => {
      for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
      return found() !== undefined;
    });
    const handle = client.workflow.getHandle(found()!);
    expect(await (await handle.describe()).staticSummary()).toMatch(/^Template "Aspen" r\d+/);
    expect(await (await handle.describe()).staticDetails()).toContain('requested by **tester**');

    const shard = client.workflow.getHandle(`${found()!}/w1/s1`);
    expect(await (await shard.describe()).staticSummary()).toMatch(
      /^wave 1, rows 1–\d+: \d+ users$/,
    );
    const { events } = await shard.fetchHistory();
    const summaries = (events ?? []).flatMap(({ userMetadata }) =>
      userMetadata?.summary?.data ? [Buffer.from(userMetadata.summary.data).toString()] : [],
    );
    expect(
      summaries.some(
        (text) => text.includes(`${row!.email}: `) && /[+-] Unified CM \(UCPREM\)/.test(text),
      ),
    ).toBe(true);
  });

  function someone(): string {
    return stage.world.simulator.simulator.organization.personId(11);
  }

  async function inForce(): Promise<{ inForce: number | null; draft: number | null }> {
    const { body } = await stage.caller.org<{
      inForce: { revision: number } | null;
      draft: { revision: number } | null;
    }>('GET', 'templates/organization');
    return { inForce: body.inForce?.revision ?? null, draft: body.draft?.revision ?? null };
  }
});
