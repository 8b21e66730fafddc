import { setTimeout as delay } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { progressQuery, reportSignal } from '../../src/contract/messages';
import { countsOf, noFaults, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

describe('a resume right after a halt', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({
      simulator: { users: 60, seed: 5 },
      limits: { maxWriteAttempts: 3 },
    });
  });
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  /** Whether a workflow has accepted an update of this name. */
  async function isTaking(handle: WorkflowHandle, updateName: string): Promise<boolean> {
    const { events } = await handle.fetchHistory();
    return (events ?? []).some(
      ({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) =>
        accepted?.acceptedRequest?.input?.name === updateName,
    );
  }

  it('is not undone by late reports of the old reason to halt', async () => {
    const rollout = await stage.flip({ pilot: null });
    const { rolloutId } = rollout;
    await stage.simulate({ faults: { error5xxBefore: { probability: 1 } } });
    await stage.caller.start(rollout);
    await stage.caller.until(rolloutId, ({ phase }) => phase === 'halted');
    await stage.simulate(noFaults);

    const { client, database, simulator } = stage.world;
    const { orgUuid } = simulator.simulator.organization;
    const handle = client.workflow.getHandle(`rollout/${orgUuid}/${rolloutId}`);
    // While its row is locked, the resume is under way and others are late.
    const connection = await database.db.$client.connect();
    await connection.query('BEGIN');
    await connection.query('SELECT 1 FROM rollout WHERE rollout_id = $1 FOR UPDATE', [rolloutId]);
    const resumed = stage.caller.act(rolloutId, 'resume', { reason: 'mended' });
    while (!(await isTaking(handle, 'resume'))) await delay(50);
    await handle.signal(reportSignal, { counts: {}, halted: { reason: 'told late' } });
    // A query is answered only after the signal was taken.
    await handle.query(progressQuery);
    await connection.query('COMMIT');
    connection.release();

    expect((await resumed).status).toBe(200);
    const done = await stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
    expect(countsOf(done)).toMatchObject({ failed: 4, converged: rollout.summary!.planned - 4 });
  });
});
