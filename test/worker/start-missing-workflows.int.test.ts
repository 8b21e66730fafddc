import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Db } from '../../src/db/connect';
import type { Phase } from '../../src/domain/rollout/rollout-phase';
import { startMissingWorkflows } from '../../src/worker/start-missing-workflows';
import { aRollout, valueOf } from '../support/seed';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let db: Db;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterEach(() => database.drop());

/** A Temporal that knows no workflow but those that it is asked to start. */
function emptyTemporal(started: string[]): Client {
  const workflow = {
    getHandle: (workflowId: string) => ({
      describe: () => Promise.reject(new WorkflowNotFoundError('not found', workflowId, undefined)),
    }),
    start: (_type: string, { workflowId }: { workflowId: string }) => {
      started.push(workflowId);
      return Promise.resolve();
    },
  };
  return { workflow } as unknown as Client;
}

async function aRow(phase: Phase, retry: boolean): Promise<string> {
  const { orgId, rolloutId } = await aRollout(db, { phase, users: [{ outcome: 'planned' }] });
  await db.$client.query(
    'INSERT INTO organization (org_id, org_uuid, display_name) VALUES ($1, $2, $3)',
    [orgId, randomUUID(), 'an organization'],
  );
  await db.$client.query(
    `UPDATE rollout SET created_at = now() - interval '1 minute', workflow_id = $2
     WHERE rollout_id = $1`,
    [rolloutId, retry ? `rollout/x/${rolloutId}/retry/1` : `rollout/x/${rolloutId}`],
  );
  return rolloutId;
}

function phaseOf(rolloutId: string): Promise<string> {
  return valueOf(db, 'SELECT phase FROM rollout WHERE rollout_id = $1', [rolloutId]);
}

describe('startMissingWorkflows', () => {
  it.each([
    ['planning', false],
    ['rolling-out', true],
  ] as const)('starts the workflow of a row that is %s (retry: %s)', async (phase, retry) => {
    const rolloutId = await aRow(phase, retry);
    const started: string[] = [];
    expect(await startMissingWorkflows(db, emptyTemporal(started))).toBe(1);
    expect(started).toEqual([expect.stringContaining(rolloutId)]);
    expect(await phaseOf(rolloutId)).toBe(phase);
  });

  it.each([
    ['planned', false],
    ['awaiting-promotion', false],
    ['rolling-out', false],
    ['verifying', true],
  ] as const)(
    'closes a row that is %s and whose workflow Temporal has lost (retry: %s)',
    async (phase, retry) => {
      const rolloutId = await aRow(phase, retry);
      const started: string[] = [];
      expect(await startMissingWorkflows(db, emptyTemporal(started))).toBe(0);
      expect(started).toEqual([]);
      expect(await phaseOf(rolloutId)).toBe('failed');
      const outcome = 'SELECT outcome FROM rollout_user WHERE rollout_id = $1';
      expect(await valueOf(db, outcome, [rolloutId])).toBe('withheld');
    },
  );
});
