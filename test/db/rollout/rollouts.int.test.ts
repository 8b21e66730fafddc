import { sql } from 'drizzle-orm';
import {
  keepAction,
  listUnsettledActions,
  settleAction,
} from '../../../src/db/rollout/pending-actions';
import { findAnswer, storeAnswer } from '../../../src/db/admin/idempotency';
import { listRolloutUsers } from '../../../src/db/rollout/rollout-users';
import {
  beginRetry,
  countOutcomes,
  findRollout,
  findWritingRollout,
  listRollouts,
  livingRolloutsOf,
} from '../../../src/db/rollout/rollouts';
import { violates } from '../../../src/api/http/to-problem';
import { phases, writingPhases, type Phase } from '../../../src/domain/rollout/rollout-phase';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { orgId, seedDirectory, seedRollout } from '../../support/api/seed';
import { waitFor } from '../../support/wait-for';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  await seedDirectory(database.db);
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.db.execute(sql`TRUNCATE rollout, rollout_row, idempotency_key, pending_action`);
});

const everything = { orgId, phases: null, templateId: null, createdAfter: null };

describe('rollouts', () => {
  it.each(
    phases.map((phase): [Phase, boolean] => [
      phase,
      (writingPhases as readonly Phase[]).includes(phase),
    ]),
  )('R25 the index sees %s as writing: %s', async (phase, isWriting) => {
    await seedRollout(database.db, { phase: 'halted' });
    const second = seedRollout(database.db, { phase });
    if (!isWriting) {
      await expect(second).resolves.toEqual(expect.any(String));
      return;
    }
    const error: unknown = await second.catch((thrown: unknown) => thrown);
    expect(violates(error, 'rollout_one_writing')).toBe(true);
  });

  it('R25 finds the one that writes', async () => {
    await seedRollout(database.db, { phase: 'verifying' });
    expect(await findWritingRollout(database.db, orgId)).toBeUndefined();
    const rolloutId = await seedRollout(database.db, { phase: 'awaiting-promotion' });
    expect(await findWritingRollout(database.db, orgId)).toMatchObject({ rolloutId });
    expect(await findWritingRollout(database.db, 'other')).toBeUndefined();
  });

  it('are paged without loss or repetition when many were made in one millisecond', async () => {
    const createdAt = new Date('2026-03-01T00:00:00.123Z');
    const ids = await Promise.all(
      Array.from({ length: 7 }, () => seedRollout(database.db, { createdAt })),
    );
    const seen: string[] = [];
    for (let after = null as { createdAt: Date; rolloutId: string } | null; ;) {
      const rows = await listRollouts(database.db, { ...everything, after, limit: 3 });
      seen.push(...rows.map((row) => row.rolloutId));
      after = rows.at(-1) ?? null;
      if (after === null) break;
    }
    expect(seen).toEqual([...ids].sort().reverse());
  });

  it('of another organization are not there', async () => {
    const rolloutId = await seedRollout(database.db);
    expect(await findRollout(database.db, 'other', rolloutId)).toBeUndefined();
  });

  it('of a template are living until they have ended', async () => {
    const templateId = '0e000000-0000-4000-8000-000000000001';
    await seedRollout(database.db, { templateId, phase: 'completed' });
    await seedRollout(database.db, { templateId, phase: 'expired' });
    const rolloutId = await seedRollout(database.db, { templateId, phase: 'verifying' });
    const living = await livingRolloutsOf(database.db, templateId);
    expect(living.map((row) => row.rolloutId)).toEqual([rolloutId]);
  });

  it('are taken up again once: a second retry of one version finds nothing', async () => {
    const rolloutId = await seedRollout(database.db, { phase: 'completed' });
    const retry = { rolloutId, phaseVersion: 1, workflowId: 'w/retry/1' };
    const taken = await Promise.all([
      beginRetry(database.db, retry),
      beginRetry(database.db, retry),
    ]);
    expect(taken.filter((row) => row !== undefined)).toMatchObject([
      { phase: 'rolling-out', phaseVersion: 2, retries: 1, endedAt: null },
    ]);
  });
});

describe('users of a rollout', () => {
  it('are counted by outcome, and listed only for their rollout', async () => {
    const rolloutId = await seedRollout(database.db);
    await seedRollout(database.db);
    expect(await countOutcomes(database.db, rolloutId)).toEqual({ planned: 1, unchanged: 1 });
    const none = { outcomes: null, wave: null, changed: null, text: null };
    const rows = await listRolloutUsers(database.db, {
      ...none,
      rolloutId,
      afterSeq: 1,
      limit: 10,
    });
    expect(rows.map(({ seq }) => seq)).toEqual([2]);
  });
});

describe('answers under a key', () => {
  const answer = { orgId, key: 'k', requestHash: 'h', status: 202, location: null, body: { a: 1 } };
  const isOneWaiting = async () => {
    const { rows } = await database.db.$client.query<{ count: number }>(
      `SELECT count(*)::int FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows[0]!.count === 1;
  };

  it('are kept once per organization', async () => {
    expect(await storeAnswer(database.db, answer)).toBe(true);
    expect(await storeAnswer(database.db, { ...answer, body: { a: 2 } })).toBe(false);
    expect(await storeAnswer(database.db, { ...answer, orgId: 'other' })).toBe(true);
    expect(await findAnswer(database.db, orgId, 'k')).toMatchObject({ body: { a: 1 } });
  });

  it('wait for the first transaction, and proceed if it failed', async () => {
    const seconds: Promise<boolean>[] = [];
    const failing = database.db.transaction(async (tx) => {
      await storeAnswer(tx, answer);
      seconds.push(storeAnswer(database.db, answer));
      await waitFor('the second waits for the first', isOneWaiting);
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    expect(await Promise.all(seconds)).toEqual([true]);
  });
});

describe('actions that nobody took', () => {
  it('are kept once, oldest first, until they have a result', async () => {
    const action = { orgId, rolloutId: '0e000000-0000-4000-8000-000000000002', input: {} };
    const pause = { ...action, updateId: 'u1', workflowId: 'w', updateName: 'pause' };
    await keepAction(database.db, pause);
    await keepAction(database.db, pause);
    await keepAction(database.db, { ...pause, updateId: 'u2', updateName: 'abort' });
    const all = { orgId, except: [], limit: 10 };
    const open = await listUnsettledActions(database.db, all);
    expect(open.map(({ updateId }) => updateId)).toEqual(['u1', 'u2']);
    await settleAction(database.db, { updateId: 'u1', result: 'applied', now: new Date() });
    expect(await listUnsettledActions(database.db, all)).toHaveLength(1);
    const except = [action.rolloutId];
    expect(await listUnsettledActions(database.db, { ...all, except })).toEqual([]);
    expect(await listUnsettledActions(database.db, { ...all, orgId: 'other' })).toEqual([]);
  });
});
