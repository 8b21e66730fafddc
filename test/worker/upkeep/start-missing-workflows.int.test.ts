import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Db } from '../../../src/db/connect';
import { closeLeftRows } from '../../../src/db/rollout/ending/close-stranded';
import { takePermit } from '../../../src/db/write/permit';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { createLogger } from '../../../src/logger';
import { PoisonedRows } from '../../../src/worker/upkeep/poisoned-rows';
import {
  startMissingWorkflows,
  type MissingDeps,
} from '../../../src/worker/upkeep/start-missing-workflows';
import { aRollout, valueOf } from '../../support/seed';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const logger = createLogger({ name: 'test', level: 'silent' });
const orgId = randomUUID();

let database: TestDatabase;
let db: Db;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.db;
  await db.$client.query(
    'INSERT INTO organization (org_id, org_uuid, display_name) VALUES ($1, $2, $3)',
    [orgId, orgId, 'an organization'],
  );
});
afterEach(() => database.drop());

interface FakeTemporal {
  started?: string[];
  /** Workflows whose start fails. */
  poisoned?: readonly string[];
  /** The state of every workflow; null: Temporal knows none. */
  status?: string | null;
}

function aTemporal({ started = [], poisoned = [], status = null }: FakeTemporal): Client {
  const workflow = {
    getHandle: (workflowId: string) => ({
      describe: () =>
        status === null
          ? Promise.reject(new WorkflowNotFoundError('not found', workflowId, undefined))
          : Promise.resolve({ status: { name: status } }),
    }),
    start: (_type: string, { workflowId }: { workflowId: string }) => {
      if (poisoned.some((id) => workflowId.includes(id))) {
        return Promise.reject(new Error('the payload is too large'));
      }
      started.push(workflowId);
      return Promise.resolve();
    },
  };
  const withDeadline = (_at: number, call: () => Promise<unknown>) => call();
  return { workflow, withDeadline } as unknown as Client;
}

function depsOf(client: Client): MissingDeps {
  const poisoned = new PoisonedRows({ db, logger });
  return { db, client, orgId, userLabels: 'email', poisoned, cursor: { at: 0 } };
}

async function aRow(phase: Phase, retry = false, of = orgId): Promise<string> {
  const { rolloutId } = await aRollout(db, { orgId: of, phase, users: [{ outcome: 'planned' }] });
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

function outcomeOf(rolloutId: string): Promise<string> {
  return valueOf(db, 'SELECT outcome FROM rollout_user WHERE rollout_id = $1', [rolloutId]);
}

/** The call of the row's write has ended, or its worker died long ago. */
async function endCalls(rolloutId: string): Promise<void> {
  await db.$client.query(
    `UPDATE rollout_user SET in_flight_until = now() - interval '1 second' WHERE rollout_id = $1`,
    [rolloutId],
  );
}

describe('startMissingWorkflows', () => {
  it.each([
    ['planning', false],
    ['rolling-out', true],
  ] as const)('starts the workflow of a row that is %s (retry: %s)', async (phase, retry) => {
    const rolloutId = await aRow(phase, retry);
    const started: string[] = [];
    expect(await startMissingWorkflows(depsOf(aTemporal({ started })))).toBe(1);
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
      expect(await startMissingWorkflows(depsOf(aTemporal({ started })))).toBe(0);
      expect(started).toEqual([]);
      expect(await phaseOf(rolloutId)).toBe('failed');
      expect(await outcomeOf(rolloutId)).toBe('withheld');
    },
  );

  it('leaves rollouts of other organizations to their own workers', async () => {
    const other = await aRow('planning', false, randomUUID());
    const started: string[] = [];
    expect(await startMissingWorkflows(depsOf(aTemporal({ started })))).toBe(0);
    expect(started).toEqual([]);
    expect(await phaseOf(other)).toBe('planning');
  });

  it.each(['TERMINATED', 'CANCELLED', 'FAILED', 'TIMED_OUT'])(
    'R99 waits for the write under way before it closes a rollout whose workflow is %s, and permits no other',
    async (status) => {
      const rolloutId = await aRow('rolling-out');
      expect((await takePermit(db, rolloutId, 1)).kind).toBe('granted');
      const deps = depsOf(aTemporal({ status }));
      await startMissingWorkflows(deps);
      expect(await phaseOf(rolloutId)).toBe('rolling-out');
      expect(await outcomeOf(rolloutId)).toBe('planned');
      expect((await takePermit(db, rolloutId, 1)).kind).toBe('held');
      const waitingFor = 'SELECT waiting_for FROM rollout WHERE rollout_id = $1';
      expect(await valueOf(db, waitingFor, [rolloutId])).toMatch(/^writes under way to end/);

      await endCalls(rolloutId);
      await startMissingWorkflows(deps);
      expect(await phaseOf(rolloutId)).toBe('failed');
      expect(await outcomeOf(rolloutId)).toBe('failed');
      const reason = await valueOf<string>(
        db,
        'SELECT phase_reason FROM rollout WHERE rollout_id = $1',
        [rolloutId],
      );
      expect(reason).toContain(status.toLowerCase());
    },
  );

  it("starts the rows behind one that can't be started, which rests and is reported once", async () => {
    const poisoned = await aRow('planning');
    const others = [await aRow('planning'), await aRow('planning')];
    const started: string[] = [];
    const deps = depsOf(aTemporal({ started, poisoned: [poisoned] }));
    expect(await startMissingWorkflows(deps)).toBe(2);
    for (const id of others) expect(started.join()).toContain(id);
    expect(deps.poisoned.rests(poisoned)).toBe(true);
    expect(
      await valueOf(db, 'SELECT waiting_for FROM rollout WHERE rollout_id = $1', [poisoned]),
    ).toBe('Temporal to start its workflow: the payload is too large');

    await startMissingWorkflows(depsOf(aTemporal({ poisoned: [poisoned] })));
    await startMissingWorkflows(depsOf(aTemporal({ status: 'RUNNING' })));
    expect(
      await valueOf(db, 'SELECT waiting_for FROM rollout WHERE rollout_id = $1', [poisoned]),
    ).toBeNull();
    const events = await valueOf<string[]>(
      db,
      `SELECT array_agg(action) FROM audit_event WHERE target = $1`,
      [`rollouts/${poisoned}`],
    );
    expect(events).toEqual(['rollout.workflow-not-started']);
  });

  it('looks at no row any more where Temporal is away, and blames none', async () => {
    for (let i = 0; i < 5; i += 1) await aRow('planning');
    const away = Object.assign(new Error('14 UNAVAILABLE'), {
      code: 14,
      details: '',
      metadata: {},
    });
    const describe = jest.fn(() => Promise.reject(away));
    const client = {
      withDeadline: (_at: number, call: () => Promise<unknown>) => call(),
      workflow: { getHandle: () => ({ describe }) },
    } as unknown as Client;
    const deps = depsOf(client);
    await expect(startMissingWorkflows(deps)).rejects.toBe(away);
    expect(describe).toHaveBeenCalledTimes(3);
    expect(deps.poisoned.keys()).toEqual([]);
    expect(await valueOf(db, 'SELECT count(*)::int FROM audit_event', [])).toBe(0);
  });
});

describe('closeLeftRows', () => {
  it.each(['completed', 'aborted', 'failed'] as const)(
    'closes rows that a rollout in phase %s has left open, so that its users can be written again',
    async (phase) => {
      const rolloutId = await aRow('rolling-out');
      expect((await takePermit(db, rolloutId, 1)).kind).toBe('granted');
      await db.$client.query(
        `UPDATE rollout SET phase = $2, ended_at = now() - interval '1 hour' WHERE rollout_id = $1`,
        [rolloutId, phase],
      );
      const other = await aRow('rolling-out');

      expect(await closeLeftRows(db, orgId, 2)).toBe(0);
      expect(await outcomeOf(rolloutId)).toBe('planned');
      expect((await takePermit(db, other, 1)).kind).toBe('user-busy');

      await endCalls(rolloutId);
      expect(await closeLeftRows(db, orgId, 2)).toBe(1);
      expect(await outcomeOf(rolloutId)).toBe('failed');
      expect((await takePermit(db, other, 1)).kind).toBe('granted');
      expect(await closeLeftRows(db, orgId, null)).toBe(0);
    },
  );

  it('leaves alone what may still be written, and the rows of plans that never began', async () => {
    for (const phase of ['planned', 'rolling-out', 'halted', 'discarded'] as const) {
      const rolloutId = await aRow(phase);
      expect(await closeLeftRows(db, orgId, null)).toBe(0);
      expect(await outcomeOf(rolloutId)).toBe('planned');
      await db.$client.query('DELETE FROM rollout WHERE rollout_id = $1', [rolloutId]);
    }
  });

  it('closes rows behind a rollout whose rows cannot be closed', async () => {
    const poisoned = await aRow('aborted');
    const behind = await aRow('aborted');
    await db.$client.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'poisoned'; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON rollout_row FOR EACH ROW
        WHEN (OLD.rollout_id = '${poisoned}') EXECUTE FUNCTION refuse()`);
    try {
      await expect(closeLeftRows(db, orgId, null)).rejects.toThrow();
      expect([await outcomeOf(poisoned), await outcomeOf(behind)]).toEqual(['planned', 'withheld']);
    } finally {
      await db.$client.query('DROP FUNCTION refuse() CASCADE');
    }
  });

  it('looks at all ended rollouts once, and then at those that have ended lately', async () => {
    const rolloutId = await aRow('aborted');
    await db.$client.query(
      `UPDATE rollout SET ended_at = now() - interval '9 days' WHERE rollout_id = $1`,
      [rolloutId],
    );
    expect(await closeLeftRows(db, orgId, 2)).toBe(0);
    expect(await closeLeftRows(db, orgId, null)).toBe(1);
    expect(await outcomeOf(rolloutId)).toBe('withheld');
  });
});
