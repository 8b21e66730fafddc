import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { VerifyInput } from '../../../src/contract/workflows';
import type { Db } from '../../../src/db/connect';
import { endFollowUp, hasEnded, unseenWaves } from '../../../src/db/rollout/follow-up';
import { beginRetry, countOutcomes } from '../../../src/db/rollout/rollouts';
import { markConverged, markUnconverged } from '../../../src/db/rollout/wave-rows';
import { withholdUnwritten } from '../../../src/db/rollout/ending/withhold-unwritten';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { followEndedRollouts } from '../../../src/worker/upkeep/follow-ended-rollouts';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aRollout, valueOf, type SeededUser } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

interface Started {
  workflowId: string;
  input: VerifyInput;
}

/** A Temporal that runs what it is asked to start. */
function temporal(): { client: Client; started: Started[] } {
  const started: Started[] = [];
  const workflow = {
    start: (type: string, { workflowId, args }: { workflowId: string; args: [VerifyInput] }) => {
      if (started.some((one) => one.workflowId === workflowId)) {
        throw new WorkflowExecutionAlreadyStartedError('running', workflowId, type);
      }
      started.push({ workflowId, input: args[0] });
      return Promise.resolve();
    },
  };
  return { client: { workflow } as unknown as Client, started };
}

async function ended(phase: Phase, users: SeededUser[]) {
  const story = await aRollout(db, { phase, users });
  await db.$client.query(
    'INSERT INTO organization (org_id, org_uuid, display_name) VALUES ($1, $2, $3)',
    [story.orgId, randomUUID(), 'an organization'],
  );
  await db.$client.query(
    `UPDATE rollout_user SET written_at = '2026-01-01T00:00:00Z', attempts = 1
     WHERE rollout_id = $1 AND outcome = 'applied'`,
    [story.rolloutId],
  );
  return story;
}

function verifyingUntil(rolloutId: string): Promise<string | null> {
  return valueOf(db, 'SELECT verifying_until FROM rollout WHERE rollout_id = $1', [rolloutId]);
}

const applied = (wave: number): SeededUser => ({ outcome: 'applied', wave });

describe('the users of a rollout that ended early', () => {
  it.each(['aborted', 'failed'] as const)(
    'R99 are verified after it was %s, for as long after their write as always',
    async (phase) => {
      const { orgId, rolloutId } = await ended(phase, [applied(0), applied(2), {}]);
      await withholdUnwritten(db, rolloutId);
      const { client, started } = temporal();
      expect(await followEndedRollouts(db, client, orgId)).toBe(1);
      expect(await followEndedRollouts(db, client, orgId)).toBe(0);
      expect(started).toMatchObject([
        {
          workflowId: expect.stringContaining(`${rolloutId}/verify/ended`) as string,
          input: { waves: [0, 2], deadlineAtMs: Date.parse('2026-01-02T00:00:00Z') },
        },
      ]);
    },
  );

  it('R99 are all verified, however many rollouts have ended and stay unseen', async () => {
    const { orgId, rolloutId } = await ended('aborted', [applied(0)]);
    await withholdUnwritten(db, rolloutId);
    const { rows } = await db.$client.query<{ id: string }>(
      `WITH more AS (
        INSERT INTO rollout (org_id, rollout_id, request, title, phase, created_by, workflow_id,
          started_at, ended_at)
        SELECT org_id, gen_random_uuid(), request, title, phase, created_by, 'w' || n, now(), now()
        FROM rollout, generate_series(1, 229) n WHERE rollout_id = $1
        RETURNING org_id, rollout_id)
      INSERT INTO rollout_row (org_id, rollout_id, seq, person_id, email, display_name, wave, own_before,
        own_changes, own_kept, own_blocked, own_waiting, own_expected, outcome, written_at)
      SELECT m.org_id, m.rollout_id, 1, 'p', 'p@x', 'P', 0, '{}', '[]', '[]', '[]', '[]', '{}',
        'applied', now() FROM more m RETURNING rollout_id AS id`,
      [rolloutId],
    );
    const { client, started } = temporal();
    const cursor = { after: null };
    const turns = [];
    for (let turn = 0; turn < 4; turn += 1) {
      turns.push(await followEndedRollouts(db, client, orgId, cursor));
    }
    expect(turns).toEqual([100, 100, 30, 0]);
    const followed = new Set(started.map(({ input }) => input.rolloutId));
    expect([rolloutId, ...rows.map(({ id }) => id)].filter((id) => !followed.has(id))).toEqual([]);
  });

  it.each<[Phase, boolean]>([
    ['verifying', false],
    ['rolling-out', false],
    ['aborted', true],
    ['failed', true],
  ])('R99 are only read, and never written again, once it is %s: %s', async (phase, expected) => {
    const { rolloutId } = await aRollout(db, { phase });
    expect(await hasEnded(db, rolloutId)).toBe(expected);
  });

  it('R99 are none where everybody was seen', async () => {
    const { orgId, rolloutId } = await ended('aborted', [{ outcome: 'converged' }, {}]);
    await withholdUnwritten(db, rolloutId);
    expect(await verifyingUntil(rolloutId)).toBeNull();
    expect(await followEndedRollouts(db, temporal().client, orgId)).toBe(0);
  });

  it('R99 are verified too if their write ended after the rollout', async () => {
    const { orgId, rolloutId } = await ended('failed', [{}]);
    await withholdUnwritten(db, rolloutId);
    await db.$client.query(
      `UPDATE rollout_user SET outcome = 'applied', written_at = now() WHERE rollout_id = $1`,
      [rolloutId],
    );
    await db.$client.query('UPDATE rollout SET ended_at = now() WHERE rollout_id = $1', [
      rolloutId,
    ]);
    expect(await followEndedRollouts(db, temporal().client, orgId)).toBe(1);
  });

  it('R99 are verified for what was done of them, if it ended between two calls', async () => {
    const { orgId, rolloutId } = await ended('aborted', [{ wave: 3 }]);
    // The first call was answered, and the second one never began.
    const writtenAt = (ago: string) =>
      db.$client.query(
        `UPDATE rollout_user SET done = '[{}]', intent_at = now(), attempts = 1,
           written_at = now() - $2::interval WHERE rollout_id = $1`,
        [rolloutId, ago],
      );
    await writtenAt('1 minute');
    await withholdUnwritten(db, rolloutId);
    const outcome = 'SELECT outcome FROM rollout_user WHERE rollout_id = $1';
    expect(await valueOf(db, outcome, [rolloutId])).toBe('partial');
    const { client, started } = temporal();
    expect(await followEndedRollouts(db, client, orgId)).toBe(1);
    expect(started).toMatchObject([{ input: { waves: [3] } }]);
    await endFollowUp(db, rolloutId);
    expect(await verifyingUntil(rolloutId)).not.toBeNull();
    // Nobody waits for ever: at the deadline the outcome stays as it is.
    await writtenAt('25 hours');
    await endFollowUp(db, rolloutId);
    expect(await verifyingUntil(rolloutId)).toBeNull();
    expect(await followEndedRollouts(db, client, orgId)).toBe(0);
    expect(await valueOf(db, outcome, [rolloutId])).toBe('partial');
  });

  it('R99 never stay applied: seen, or given up at the deadline', async () => {
    const { orgId, rolloutId } = await ended('aborted', [applied(1), applied(1)]);
    await withholdUnwritten(db, rolloutId);
    await markConverged(db, rolloutId, [1]);
    await endFollowUp(db, rolloutId);
    expect(await verifyingUntil(rolloutId)).not.toBeNull();
    await markUnconverged(db, rolloutId, [1]);
    await endFollowUp(db, rolloutId);
    expect(await verifyingUntil(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ converged: 1, unconverged: 1 });
    expect(await followEndedRollouts(db, temporal().client, orgId)).toBe(0);
  });

  it('R99 are left to the retry once one has begun', async () => {
    const { orgId, rolloutId } = await ended('aborted', [applied(1), { outcome: 'failed' }]);
    await withholdUnwritten(db, rolloutId);
    await beginRetry(db, { rolloutId, phaseVersion: 1, workflowId: 'retry' });
    expect(await verifyingUntil(rolloutId)).toBeNull();
    expect(await followEndedRollouts(db, temporal().client, orgId)).toBe(0);
    expect(await unseenWaves(db, rolloutId)).toEqual([1]);
  });
});
