import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { Jobs } from '../../../src/api/jobs/jobs';
import { createTemporalJobs } from '../../../src/api/jobs/temporal-jobs';
import { rolloutWorkflowId } from '../../../src/contract/ids';
import { connectTemporal, type TestTemporal } from '../../support/temporal';

let temporal: TestTemporal;
let jobs: Jobs;
beforeAll(async () => {
  temporal = await connectTemporal();
  jobs = createTemporalJobs(temporal.client);
});
afterAll(() => temporal.close());

function aRollout() {
  return {
    orgId: 'org',
    orgUuid: randomUUID(),
    rolloutId: randomUUID(),
    title: 'Turn off calling for the whole organization',
    createdBy: 'olga',
    templateId: null,
  };
}
const input = {
  actor: { name: 'olga', role: 'operator' },
  expectedPhaseVersion: 1,
  reason: '',
};

describe('jobs while no worker is up', () => {
  it('start a rollout once, however often it is asked for', async () => {
    const row = aRollout();
    await jobs.startRollout(row);
    await jobs.startRollout(row);
    const workflowId = rolloutWorkflowId(row.orgUuid, row.rolloutId);
    const described = await temporal.client.workflow.getHandle(workflowId).describe();
    expect(described.type).toBe('rollout');
    await temporal.client.workflow.getHandle(workflowId).terminate();
    await jobs.startRollout(row);
  });

  it('start a retry and a check under separate ids', async () => {
    const row = aRollout();
    await jobs.startRetry({ ...row, n: 2, phaseVersion: 9 });
    await jobs.startObserve(row);
    await jobs.startObserve(row);
    for (const id of [
      `${rolloutWorkflowId(row.orgUuid, row.rolloutId)}/retry/2`,
      `observe/${row.orgUuid}`,
    ]) {
      await temporal.client.workflow.getHandle(id).terminate();
    }
  });

  it('accept an action without waiting for its result, and have no progress to tell', async () => {
    const row = aRollout();
    await jobs.startRollout(row);
    const workflowId = rolloutWorkflowId(row.orgUuid, row.rolloutId);
    const waits = jest.spyOn(temporal.client, 'withDeadline');
    const answer = await jobs.act({ workflowId, updateName: 'pause', updateId: 'u', input });
    expect(answer).toEqual({ kind: 'accepted' });
    // One wait, for a worker to accept the action, and no second one for its result.
    expect(waits).toHaveBeenCalledTimes(1);
    waits.mockRestore();
    expect(await jobs.progress(workflowId)).toBeNull();
    while (!(await jobs.ping()));
    await temporal.client.workflow.getHandle(workflowId).terminate();
  });

  it('accept an action for a workflow that is not started yet', async () => {
    const row = aRollout();
    const workflowId = rolloutWorkflowId(row.orgUuid, row.rolloutId);
    const answer = await jobs.act({ workflowId, updateName: 'discard', updateId: 'u', input });
    expect(answer).toEqual({ kind: 'accepted' });
    expect(await jobs.progress(workflowId)).toBeNull();
  });
});

describe('jobs while Temporal is away', () => {
  it('can start nothing, but accept actions', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const away = createTemporalJobs(new Client({ connection }));
    const row = aRollout();
    const workflowId = rolloutWorkflowId(row.orgUuid, row.rolloutId);

    await expect(away.startRollout(row)).rejects.toThrow();
    expect(await away.ping()).toBe(false);
    expect(await away.progress(workflowId)).toBeNull();
    expect(await away.act({ workflowId, updateName: 'pause', updateId: 'u', input })).toEqual({
      kind: 'accepted',
    });
    await connection.close();
  });
});
