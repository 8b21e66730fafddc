import { Caller, type RolloutBody } from '../support/caller';
import { closeRuntime, startWorld, type World } from '../support/world';

describe('rollout', () => {
  let world: World;
  let caller: Caller;

  beforeAll(async () => {
    world = await startWorld({ simulator: { users: 60, seed: 7 } });
    caller = new Caller(world);
    const saved = await caller.org('PATCH', 'settings', {
      verification: { intervalsSeconds: [1], deadlineSeconds: 60 },
    });
    expect(saved.status).toBe(200);
  });

  afterAll(async () => {
    await world.close();
    await closeRuntime();
  });

  it('carries a template from plan to proof: pilot, gate, wave, verification', async () => {
    const template = await caller.org<{ template: { templateId: string } }>('PUT', 'templates/organization', {
      entitlements: [{ offer: 'FMS' }, { offer: 'FTC' }],
    });
    expect(template.status).toBe(201);
    const planned = await caller.plan({
      change: { kind: 'template', templateId: template.body.template.templateId },
      existingUsers: true,
      preserveLicenses: false,
      acknowledgeIrreversible: true,
    });
    expect(planned).toMatchObject({ phase: 'planned', waitingFor: 'start or discard' });
    expect(planned.summary!.planned).toBeGreaterThan(5);

    await caller.start(planned);
    const piloted = await caller.until(planned.rolloutId, ({ phase }) => phase !== 'piloting');
    expect(piloted).toMatchObject({ phase: 'awaiting-promotion' });
    expect(piloted.counts.converged).toEqual(expect.objectContaining({ users: 5 }));

    expect((await caller.act(planned.rolloutId, 'promote')).status).toBe(200);
    const done = await caller.until(planned.rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done)).toEqual({
      converged: planned.summary!.planned,
      ...unwritten(planned),
    });
  });
});

function countsOf(rollout: RolloutBody): Record<string, number> {
  return Object.fromEntries(
    Object.entries(rollout.counts).map(([outcome, { users }]) => [outcome, users]),
  );
}

/** What the plan left alone stays as it was planned. */
function unwritten(planned: RolloutBody): Record<string, number> {
  const counts = countsOf(planned);
  delete counts.planned;
  return counts;
}
