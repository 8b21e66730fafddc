import { randomUUID } from 'node:crypto';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Db } from '../../../src/db/connect';
import { findRollout } from '../../../src/db/rollout/rollouts';
import { readWaitLines } from '../../../src/db/rollout/progress/tellings';
import type { ToldWaits } from '../../../src/contract/messages';
import { waitOf, newJobState, applyPause } from '../../../src/domain/rollout/job-state';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { tellWorkflows, type TellingCursor } from '../../../src/worker/upkeep/tell-workflows';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aRollout } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const query = (text: string, ...values: unknown[]) => db.$client.query(text, values);

interface Heard {
  workflowId: string;
  told: ToldWaits;
}

/** Each running workflow hears; those that aren't named have ended. */
class FakeTemporal {
  readonly heard: Heard[] = [];
  isAway = false;

  constructor(private readonly running: Record<string, string[]>) {}

  get client(): Client {
    const getHandle = (workflowId: string) => ({
      signal: (_definition: unknown, told: ToldWaits) => {
        if (this.isAway) return Promise.reject(new Error('away'));
        if (!this.runs(workflowId)) {
          return Promise.reject(new WorkflowNotFoundError('ended', workflowId, undefined));
        }
        this.heard.push({ workflowId, told });
        return Promise.resolve();
      },
      describe: () => {
        const pendingChildren = (this.running[workflowId] ?? []).map((id) => ({ workflowId: id }));
        return Promise.resolve({ raw: { pendingChildren } });
      },
    });
    const withDeadline = (_at: number, call: () => Promise<unknown>) => call();
    return { workflow: { getHandle }, withDeadline } as unknown as Client;
  }

  private runs(workflowId: string): boolean {
    return Object.entries(this.running).some(
      ([id, children]) => id === workflowId || children.includes(workflowId),
    );
  }
}

/** A rollout with a workflow `rollout/<org>/<rollout>` whose organization Webex asks to wait. */
async function throttled(phase: Phase = 'rolling-out') {
  const orgId = randomUUID();
  const { rolloutId } = await aRollout(db, { orgId, phase, users: [{}] });
  const workflowId = `rollout/${orgId}/${rolloutId}`;
  await query('UPDATE rollout SET workflow_id = $2 WHERE rollout_id = $1', rolloutId, workflowId);
  await query(
    `INSERT INTO org_pace (org_id, state, not_before, wait_reason)
     VALUES ($1, '{}', now() + interval '1 hour', '429 for ann@acme.example')`,
    orgId,
  );
  return { orgId, rolloutId, workflowId };
}

interface Options {
  userLabels?: 'email' | 'id';
  cursor?: TellingCursor;
}

function tell(temporal: FakeTemporal, orgId: string, options: Options = {}): Promise<number> {
  const { userLabels = 'email', cursor = { after: null } } = options;
  return tellWorkflows({ db, client: temporal.client, orgId, userLabels }, cursor);
}

const later = () =>
  query(
    `UPDATE rollout SET told = jsonb_set(told, '{at}', '"2026-01-01T00:00:00.000Z"')
     WHERE told IS NOT NULL`,
  );

describe('what workflows are told', () => {
  it('is what keeps a rollout waiting, once, to it and to its children', async () => {
    const { orgId, workflowId } = await throttled();
    const temporal = new FakeTemporal({ [workflowId]: [`${workflowId}/w1/s1`, 'ended/since'] });
    expect(await tell(temporal, orgId)).toBe(1);
    expect(await tell(temporal, orgId)).toBe(0);
    const waitsFor = expect.stringMatching(/^Webex, not before 20.*: 429 for ann@/) as string;
    expect(temporal.heard.slice(0, 2)).toEqual([
      { workflowId, told: { phaseVersion: 1, waitsFor } },
      { workflowId: `${workflowId}/w1/s1`, told: { phaseVersion: 1, waitsFor } },
    ]);

    await query('DELETE FROM org_pace WHERE org_id = $1', orgId);
    expect(await tell(temporal, orgId)).toBe(0);
    await later();
    expect(await tell(temporal, orgId)).toBe(1);
    expect(temporal.heard.at(-1)?.told.waitsFor).toBeNull();
  });

  it('holds no address where users are named by their id', async () => {
    const { orgId, workflowId } = await throttled();
    const temporal = new FakeTemporal({ [workflowId]: [] });
    await tell(temporal, orgId, { userLabels: 'id' });
    expect(temporal.heard[0]?.told.waitsFor).toMatch(/429 for \[address\]$/);
  });

  it('is told by one of several workers', async () => {
    const { orgId, workflowId } = await throttled();
    const temporal = new FakeTemporal({ [workflowId]: [] });
    const told = await Promise.all([1, 2, 3].map(() => tell(temporal, orgId)));
    expect(told.reduce((sum, one) => sum + one)).toBe(1);
    expect(temporal.heard).toHaveLength(1);
  });

  it('is told again after Temporal was away', async () => {
    const { orgId, workflowId } = await throttled();
    const temporal = new FakeTemporal({ [workflowId]: [] });
    temporal.isAway = true;
    await expect(tell(temporal, orgId)).rejects.toThrow('away');
    temporal.isAway = false;
    await later();
    expect(await tell(temporal, orgId)).toBe(1);
    expect(temporal.heard).toHaveLength(1);
  });

  it('R95 is what is owed after the end, and R99 the verification hears it too', async () => {
    const { orgId, rolloutId, workflowId } = await throttled('aborted');
    const followUp = `${workflowId}/verify/ended`;
    const temporal = new FakeTemporal({ [workflowId]: [], [followUp]: [] });
    expect(await tell(temporal, orgId)).toBe(0);
    await query(
      `UPDATE rollout_user SET put_back = '[]', detail = '403' WHERE rollout_id = $1`,
      rolloutId,
    );
    await query('UPDATE rollout SET verifying_until = now() WHERE rollout_id = $1', rolloutId);
    expect(await tell(temporal, orgId)).toBe(1);
    expect(temporal.heard.map((one) => one.workflowId)).toEqual([workflowId, followUp]);
    expect(temporal.heard[1]?.told.waitsFor).toMatch(/the putting back of what 1 user lost: 403$/);
  });

  it('reaches every rollout, however many wait', async () => {
    const { orgId } = await throttled();
    const more = Array.from({ length: 44 }, () => aRollout(db, { orgId, phase: 'verifying' }));
    await Promise.all(more);
    await query(
      "UPDATE rollout SET workflow_id = 'w', read_trouble = '503' WHERE org_id = $1 AND phase <> 'rolling-out'",
      orgId,
    );
    const temporal = new FakeTemporal({ w: [] });
    const cursor = { after: null };
    const turns = [];
    for (let turn = 0; turn < 3; turn += 1) turns.push(await tell(temporal, orgId, { cursor }));
    expect(turns.reduce((sum, one) => sum + one)).toBe(45);
  });

  it.each<[string, Phase, string]>([
    ['a pause', 'rolling-out', "paused = true, paused_by = 'olga', pause_reason = 'lunch'"],
    ['the verification', 'verifying', "deadline_at = '2026-01-02T03:04:05Z'"],
    ['a gate', 'awaiting-promotion', "phase_reason = '0 of 5 were written'"],
  ])('is not what they know: %s', async (_, phase, set) => {
    const { orgId, rolloutId } = await aRollout(db, { phase });
    await query(`UPDATE rollout SET ${set} WHERE rollout_id = $1`, rolloutId);
    const { text, own } = await readWaitLines(db, (await findRollout(db, orgId, rolloutId))!);
    expect(text).toBe(own);
    const state = {
      ...newJobState(phase, 1),
      reason: phase === 'awaiting-promotion' ? '0 of 5 were written' : '',
      deadlineAtMs: phase === 'verifying' ? Date.parse('2026-01-02T03:04:05Z') : null,
    };
    const by = { name: 'olga', reason: 'lunch' };
    expect(own).toBe(waitOf(phase === 'rolling-out' ? applyPause(state, true, by) : state));
  });
});
