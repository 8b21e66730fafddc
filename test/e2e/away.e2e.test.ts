import { randomUUID } from 'node:crypto';
import { countsOf, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

describe('a rollout without a worker', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 20, seed: 7 } });
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  it('keeps an action while no worker runs, and applies it when one starts', async () => {
    const planned = await stage.flip({ pilot: null });
    await stage.world.stopWorkers();
    const key = { 'idempotency-key': randomUUID() };
    const start = () =>
      stage.caller.org(
        'POST',
        `rollouts/${planned.rolloutId}/start`,
        { digest: planned.digest },
        key,
      );
    const accepted = await start();
    expect(accepted).toMatchObject({ status: 202, body: { applied: false, phase: 'planned' } });
    expect(accepted.headers.get('location')).toContain(planned.rolloutId);
    await stage.world.startWorker();
    const isDone = ({ phase }: { phase: string }) => phase === 'completed';
    const done = await stage.caller.until(planned.rolloutId, isDone);
    expect(countsOf(done).converged).toBe(planned.summary!.planned);
    // It may still be about to be noted that it was applied.
    let again = await start();
    while (again.status === 202) again = await start();
    expect(again.status).toBe(200);
  });

  it('starts the workflow of a row that has none', async () => {
    const planned = await stage.flip({ pilot: null });
    await stage.caller.act(planned.rolloutId, 'discard');
    stage.flipBack();
    const orphan = randomUUID();
    await stage.world.database.db.$client.query(
      `INSERT INTO rollout (org_id, rollout_id, request, title, template_id, template_revision,
         phase, created_by, created_at, workflow_id)
       SELECT org_id, $2::uuid, request, title, template_id, template_revision, 'planning',
         created_by, now() - interval '1 minute', replace(workflow_id, rollout_id::text, $2::text)
       FROM rollout WHERE rollout_id = $1`,
      [planned.rolloutId, orphan],
    );
    const seen = await stage.caller.until(orphan, ({ phase }) => phase === 'planned');
    expect(seen.summary!.planned).toBe(planned.summary!.planned);
    await stage.caller.act(orphan, 'discard');
  });

  it('closes a row whose workflow was terminated past us, and frees the organization', async () => {
    const planned = await stage.flip();
    await stage.caller.start(planned);
    const { rolloutId } = planned;
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'awaiting-promotion');
    const { orgUuid } = stage.world.simulator.simulator.organization;
    await stage.world.client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`).terminate();
    const closed = await stage.caller.until(rolloutId, ({ phase }) => phase === 'failed');
    expect(closed.phaseReason).toContain('ended in Temporal');
    const done = await stage.carryOut(await stage.flip({ pilot: null }));
    expect(done.phase).toBe('completed');
  });
});
