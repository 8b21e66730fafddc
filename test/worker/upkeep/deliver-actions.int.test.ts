import { randomUUID } from 'node:crypto';
import {
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type Client,
} from '@temporalio/client';
import type { Db } from '../../../src/db/connect';
import { keepAction } from '../../../src/db/rollout/pending-actions';
import { createLogger } from '../../../src/logger';
import { deliverActions } from '../../../src/worker/upkeep/deliver-actions';
import { PoisonedRows } from '../../../src/worker/upkeep/poisoned-rows';
import { aRollout, valueOf } from '../../support/seed';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const logger = createLogger({ name: 'test', level: 'silent' });
const { signal } = new AbortController();

let database: TestDatabase;
let db: Db;
let orgId: string;
let poisoned: PoisonedRows;
let nowMs: number;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
beforeEach(() => {
  orgId = randomUUID();
  nowMs = 0;
  expected = [];
  poisoned = new PoisonedRows({ db, logger }, () => nowMs);
});
afterAll(() => database.drop());

interface Update {
  updateId: string;
  args: [{ expectedPhaseVersion?: number }];
}

/** The phase versions of the delivered actions. */
let expected: number[] = [];

/** A Temporal whose workflows answer as told: with nothing, or with an error. */
function aTemporal(delivered: string[], answers: Record<string, Error> = {}): Client {
  const workflow = {
    getHandle: (workflowId: string) => ({
      executeUpdate: (_name: string, { updateId, args: [input] }: Update) => {
        const error = answers[workflowId];
        if (error) return Promise.reject(error);
        delivered.push(updateId);
        const { expectedPhaseVersion = 1 } = input;
        expected.push(expectedPhaseVersion);
        return Promise.resolve({ phaseVersion: expectedPhaseVersion + 1 });
      },
    }),
  };
  const withDeadline = (_at: number, call: () => Promise<unknown>) => call();
  return { workflow, withDeadline } as unknown as Client;
}

let actions = 0;

/** An action of a rollout; its workflow is named after the rollout. */
async function anAction(rolloutId: string, input: Record<string, unknown> = {}): Promise<string> {
  actions += 1;
  const updateId = `update-${actions}`;
  const action = { orgId, rolloutId, workflowId: rolloutId, updateName: 'promote', input };
  await keepAction(db, { ...action, updateId });
  return updateId;
}

async function aRunningRollout(): Promise<string> {
  return (await aRollout(db, { orgId, phase: 'planned' })).rolloutId;
}

const turn = (client: Client) => deliverActions({ db, client, orgId, signal, poisoned });
const resultOf = (updateId: string) =>
  valueOf<string | null>(db, 'SELECT result FROM pending_action WHERE update_id = $1', [updateId]);

describe('deliverActions', () => {
  it('delivers the actions of a rollout in their order', async () => {
    const rolloutId = await aRunningRollout();
    const ids = [await anAction(rolloutId), await anAction(rolloutId)];
    const delivered: string[] = [];
    await turn(aTemporal(delivered));
    expect(delivered).toEqual(ids);
    expect(await resultOf(ids[1]!)).toBe('applied');
  });

  it('delivers one that was accepted behind another for the state that the other leads to', async () => {
    const rolloutId = await aRunningRollout();
    for (const expectedPhaseVersion of [4, 4, 9])
      await anAction(rolloutId, { expectedPhaseVersion });
    const other = await aRunningRollout();
    await anAction(other, { expectedPhaseVersion: 4 });
    const delivered: string[] = [];
    await turn(aTemporal(delivered));
    // The last one was meant for another state, and so was that of the other rollout.
    expect(expected.sort()).toEqual([4, 4, 5, 9]);
  });

  it('delivers none that another worker has settled meanwhile', async () => {
    const rolloutId = await aRunningRollout();
    const [first, second] = [await anAction(rolloutId), await anAction(rolloutId)];
    const delivered: string[] = [];
    const client = aTemporal(delivered);
    await Promise.all([turn(client), turn(client)]);
    expect([await resultOf(first), await resultOf(second)]).toEqual(['applied', 'applied']);
    await turn(client);
    expect(new Set(delivered).size).toBe(2);
  });

  it("is not kept by one that can't be delivered, reports it once, and asks later and later", async () => {
    const bad = await aRunningRollout();
    const poison = await anAction(bad);
    const later = await anAction(bad);
    const good = await anAction(await aRunningRollout());
    const delivered: string[] = [];
    const client = aTemporal(delivered, { [bad]: new TypeError('the input is a circle') });
    await turn(client);
    expect(delivered).toEqual([good]);
    expect(await turn(client)).toBe(0);
    nowMs += 2_000;
    expect(await turn(client)).toBe(2);
    nowMs += 2_000;
    expect(await turn(client)).toBe(0);
    const events = await valueOf<string[]>(
      db,
      'SELECT array_agg(action) FROM audit_event WHERE org_id = $1',
      [orgId],
    );
    expect(events).toEqual(['rollout.action-not-delivered']);
    expect([await resultOf(poison), await resultOf(later)]).toEqual([null, null]);

    nowMs += 10_000;
    await turn(aTemporal(delivered));
    expect(delivered).toEqual([good, poison, later]);
  });

  it('refuses one that could not be delivered for a day, and says why', async () => {
    const bad = await aRunningRollout();
    const poison = await anAction(bad);
    await db.$client.query(
      `UPDATE pending_action SET created_at = now() - interval '25 hours' WHERE update_id = $1`,
      [poison],
    );
    await turn(aTemporal([], { [bad]: new Error('no such update') }));
    expect(await resultOf(poison)).toBe(
      'refused: it could not be delivered for a day (no such update)',
    );
  });

  it.each([
    ['no workflow yet', (id: string) => new WorkflowNotFoundError('none', id, undefined)],
    ['no answer', () => new WorkflowUpdateRPCTimeoutOrCancelledError('late')],
  ])('asks again soon where there is %s, without an alarm', async (_, errorOf) => {
    const rolloutId = await aRunningRollout();
    const updateId = await anAction(rolloutId);
    await turn(aTemporal([], { [rolloutId]: errorOf(rolloutId) }));
    expect(poisoned.keys()).toEqual([rolloutId]);
    nowMs += 2_000;
    await turn(aTemporal([]));
    expect(await resultOf(updateId)).toBe('applied');
    const events = 'SELECT count(*)::int FROM audit_event WHERE org_id = $1';
    expect(await valueOf(db, events, [orgId])).toBe(0);
  });

  it('serves the other rollouts, and blames nobody, while Temporal is away', async () => {
    const rolloutId = await aRunningRollout();
    await anAction(rolloutId);
    const good = await anAction(await aRunningRollout());
    const away = Object.assign(new Error('14 UNAVAILABLE'), {
      code: 14,
      details: '',
      metadata: {},
    });
    const delivered: string[] = [];
    await expect(turn(aTemporal(delivered, { [rolloutId]: away }))).rejects.toBe(away);
    expect(delivered).toEqual([good]);
    expect(poisoned.keys()).toEqual([]);
  });

  it('leaves actions of other organizations to their own workers', async () => {
    await anAction(await aRunningRollout());
    orgId = randomUUID();
    const delivered: string[] = [];
    expect(await turn(aTemporal(delivered))).toBe(0);
    expect(delivered).toEqual([]);
  });
});
