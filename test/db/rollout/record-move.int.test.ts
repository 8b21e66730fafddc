import { randomUUID } from 'node:crypto';
import type { Db } from '../../../src/db/connect';
import { countOutcomes, findRollout } from '../../../src/db/rollout/rollouts';
import {
  OrganizationBusyError,
  recordMove,
  RolloutMismatchError,
  type RecordedMove,
} from '../../../src/db/rollout/record-move';
import { openSuccessor, ReplanOvertakenError } from '../../../src/db/rollout/replan';
import { takeUpLeft } from '../../../src/db/rollout/taken-rows';
import { recordPause } from '../../../src/db/rollout/record-flags';
import { withholdUnwritten } from '../../../src/db/rollout/ending/withhold-unwritten';
import { takePermit } from '../../../src/db/write/permit';
import { endCall } from '../../../src/db/write/end-call';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
  addLicense,
  aRollout,
  removeLicense,
  rowOf,
  valueOf,
  type SeededRollout,
} from '../../support/seed';

const actor = { name: 'tester', role: 'approver' };

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

function move(story: SeededRollout, from: Phase, to: Phase, more: Partial<RecordedMove> = {}) {
  const common = { version: 2, actor, reason: '', waitingFor: null };
  return recordMove(db, { ...story, ...common, from, to, ...more });
}

function rollout({ rolloutId }: SeededRollout): Promise<Record<string, unknown>> {
  return valueOf(db, 'SELECT to_jsonb(r) FROM rollout r WHERE rollout_id = $1', [rolloutId]);
}

describe('recordMove', () => {
  it('records a move once, recognized by its version', async () => {
    const story = await aRollout(db, { phase: 'planned' });
    await move(story, 'planned', 'piloting', { wave: 0 });
    await move(story, 'planned', 'piloting', { wave: 0 });
    expect(await rollout(story)).toMatchObject({
      phase: 'piloting',
      phase_version: 2,
      wave: 0,
      started_by: 'tester',
    });
    const audits = 'SELECT count(*)::int FROM audit_event WHERE org_id = $1';
    expect(await valueOf(db, audits, [story.orgId])).toBe(1);
  });

  it('refuses a row that somebody moved by hand', async () => {
    const story = await aRollout(db, { phase: 'halted' });
    await expect(move(story, 'planned', 'piloting')).rejects.toThrow(RolloutMismatchError);
  });

  it.each(['piloting', 'awaiting-promotion', 'rolling-out', 'halted'] as const)(
    'R25 refuses a second rollout while one is %s, with the id of the first',
    async (phase) => {
      const first = await aRollout(db, { phase });
      const second = await aRollout(db, { orgId: first.orgId, phase: 'planned' });
      const refused = move(second, 'planned', 'piloting');
      await expect(refused).rejects.toThrow(OrganizationBusyError);
      await expect(refused).rejects.toMatchObject({ rolloutId: first.rolloutId });
      expect(await rollout(second)).toMatchObject({ phase: 'planned', phase_version: 1 });
    },
  );

  it('R25 lets a second one begin once the first only verifies', async () => {
    const first = await aRollout(db, { phase: 'verifying' });
    const second = await aRollout(db, { orgId: first.orgId, phase: 'planned' });
    await move(second, 'planned', 'rolling-out');
    expect(await rollout(second)).toMatchObject({ phase: 'rolling-out' });
  });

  it('R25 lets exactly one of many begin at the same moment', async () => {
    const orgId = randomUUID();
    const stories = await Promise.all(
      Array.from({ length: 8 }, () => aRollout(db, { orgId, phase: 'planned' })),
    );
    const begun = await Promise.allSettled(stories.map((s) => move(s, 'planned', 'piloting')));
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('lifts pause and hold on resume, and counts failures from there', async () => {
    const story = await aRollout(db, {
      phase: 'halted',
      users: [{ outcome: 'failed' }, { outcome: 'applied' }],
    });
    await db.$client.query(
      `UPDATE rollout SET hold = 'because', paused = true WHERE rollout_id = $1`,
      [story.rolloutId],
    );
    await db.$client.query('UPDATE rollout_user SET attempts = 1 WHERE rollout_id = $1', [
      story.rolloutId,
    ]);
    await move(story, 'halted', 'rolling-out');
    expect(await rollout(story)).toMatchObject({
      hold: null,
      paused: false,
      guard_from: { written: 2, failed: 1 },
    });
  });
});

describe('drafts', () => {
  const withDraft = async () => {
    const story = await aRollout(db, { phase: 'awaiting-promotion' });
    const templateId = randomUUID();
    await db.$client.query(
      `INSERT INTO template (org_id, template_id, scope, name, latest_revision, in_force_revision,
         draft_revision, draft_rollout_id) VALUES ($1, $2, 'organization', 't', 2, 1, 2, $3)`,
      [story.orgId, templateId, story.rolloutId],
    );
    const template = () =>
      valueOf<unknown>(db, 'SELECT to_jsonb(t) FROM template t WHERE template_id = $1', [
        templateId,
      ]);
    return { story, template };
  };

  it('R16a a draft governs once the pilot is promoted', async () => {
    const { story, template } = await withDraft();
    await move(story, 'awaiting-promotion', 'rolling-out', { draft: 'governs' });
    const governs = { in_force_revision: 2, draft_revision: null, draft_rollout_id: null };
    expect(await template()).toMatchObject(governs);
  });

  it('R16a after an abort before promotion the revision before it is in force', async () => {
    const { story, template } = await withDraft();
    await move(story, 'awaiting-promotion', 'aborted', { draft: 'dropped' });
    expect(await template()).toMatchObject({ in_force_revision: 1, draft_revision: null });
  });

  it('R16a leaves a draft alone that another rollout tries', async () => {
    const { template } = await withDraft();
    const other = await aRollout(db, { phase: 'awaiting-promotion' });
    await move(other, 'awaiting-promotion', 'rolling-out', { draft: 'governs' });
    expect(await template()).toMatchObject({ in_force_revision: 1, draft_revision: 2 });
  });
});

describe('a rollout that takes up what another one leaves', () => {
  /** At the gate, with one failed user, a draft of revision 2, and a request to plan again. */
  async function atGate() {
    const story = await aRollout(db, {
      phase: 'awaiting-promotion',
      users: [{ outcome: 'failed' }, { outcome: 'converged' }],
    });
    const [requestId, templateId] = [randomUUID(), randomUUID()];
    await db.$client.query(
      `INSERT INTO template (org_id, template_id, scope, name, latest_revision, in_force_revision,
         draft_revision, draft_rollout_id) VALUES ($1, $2, 'organization', 't', 2, 1, 2, $3)`,
      [story.orgId, templateId, story.rolloutId],
    );
    const change = { kind: 'template', templateId, revision: 2 };
    const next = { requestId, request: { ...((await rollout(story)).request as object), change } };
    const more = { title: 'again', templateRevision: 2, createdBy: 'tester', workflowId: 'next' };
    await db.$client.query(
      'UPDATE rollout SET next_request = $2, template_id = $3 WHERE rollout_id = $1',
      [story.rolloutId, JSON.stringify({ ...next, ...more }), templateId],
    );
    const successor = { orgId: story.orgId, rolloutId: requestId };
    const draft = async () => {
      const query = `SELECT jsonb_build_array(draft_revision, draft_rollout_id, in_force_revision)
        FROM template WHERE template_id = $1`;
      return await valueOf<unknown>(db, query, [templateId]);
    };
    const takenUp = async () =>
      ((await rowOf(db, story.rolloutId, 1)) as { taken_up_by: string | null }).taken_up_by;
    return { story, requestId, successor, draft, takenUp };
  }

  it('R102 gets the draft in the move that ends the first one, once, and the audit names both', async () => {
    const { story, requestId, successor, draft } = await atGate();
    const end = () => move(story, 'awaiting-promotion', 'aborted', { requestId });
    await end();
    await end();
    expect(await draft()).toEqual([2, requestId, 1]);
    expect(await rollout(successor)).toMatchObject({
      phase: 'planning',
      replan_of: story.rolloutId,
      workflow_id: 'next',
    });
    const audits = await valueOf(
      db,
      `SELECT jsonb_agg(jsonb_build_array(action, target, actor) ORDER BY action)
       FROM audit_event WHERE org_id = $1`,
      [story.orgId],
    );
    expect(audits).toEqual([
      ['rollout.created', `rollouts/${requestId}`, 'tester'],
      ['rollout.replanned', `rollouts/${story.rolloutId}`, 'tester'],
    ]);
  });

  it('R102 is not opened by a request that another one has replaced', async () => {
    const { story, draft } = await atGate();
    const end = move(story, 'awaiting-promotion', 'aborted', { requestId: randomUUID() });
    await expect(end).rejects.toThrow(ReplanOvertakenError);
    expect(await rollout(story)).toMatchObject({ phase: 'awaiting-promotion' });
    expect(await draft()).toEqual([2, story.rolloutId, 1]);
  });

  it.each([
    ['planned', 'discarded'],
    ['planned', 'expired'],
    ['planning', 'failed'],
  ] as const)('R102 gives everybody back if it goes from %s to %s', async (from, to) => {
    const { story, requestId, successor, draft, takenUp } = await atGate();
    await move(story, 'awaiting-promotion', 'aborted', { requestId });
    await takeUpLeft(db, { from: story.rolloutId, by: requestId });
    expect(await takenUp()).toBe(requestId);
    await db.$client.query(
      'UPDATE rollout SET phase = $2, phase_version = 1 WHERE rollout_id = $1',
      [requestId, from],
    );
    await move(successor, from, to, { draft: 'dropped' });
    expect(await takenUp()).toBeNull();
    expect(await draft()).toEqual([null, null, 1]);
  });

  it('R102 keeps whom it has taken up once it has started', async () => {
    const { story, requestId, successor, takenUp } = await atGate();
    await move(story, 'awaiting-promotion', 'aborted', { requestId });
    await takeUpLeft(db, { from: story.rolloutId, by: requestId });
    await db.$client.query(
      `UPDATE rollout SET phase = 'piloting', phase_version = 1 WHERE rollout_id = $1`,
      [requestId],
    );
    await move(successor, 'piloting', 'aborted', { draft: 'dropped' });
    expect(await takenUp()).toBe(requestId);
  });
});

describe('a draft that was dropped with its rollout', () => {
  it.each<[string, string, (number | string | null)[]]>([
    ['is tried again', 'draft_revision = NULL', [2, 'next', 1]],
    ['is not, after another save', 'latest_revision = 3', [null, null, 1]],
    ['is not, where it governs by now', 'in_force_revision = 2', [null, null, 2]],
    ['is not, where the template was deleted', 'deleted_at = now()', [null, null, 1]],
    [
      'is not, where another rollout tries one',
      `draft_revision = 2, draft_rollout_id = '${randomUUID()}'`,
      [2, 'other', 1],
    ],
  ])('R16a R102 %s by the rollout that takes up the users', async (_, set, expected) => {
    const story = await aRollout(db, { phase: 'failed', users: [{ outcome: 'failed' }] });
    const [requestId, templateId] = [randomUUID(), randomUUID()];
    await db.$client.query(
      `INSERT INTO template (org_id, template_id, scope, name, latest_revision, in_force_revision)
       VALUES ($1, $2, 'organization', 't', 2, 1)`,
      [story.orgId, templateId],
    );
    await db.$client.query(`UPDATE template SET ${set} WHERE template_id = $1`, [templateId]);
    const first = (await findRollout(db, story.orgId, story.rolloutId))!;
    const change = { kind: 'template' as const, templateId, revision: 2 };
    const request = { ...first.request, change };
    const more = { title: 'again', templateRevision: 2, createdBy: 'tester', workflowId: 'next' };
    await openSuccessor(db, first, { requestId, request, ...more }, actor);
    const [revision, by, inForce] = await valueOf<(number | string | null)[]>(
      db,
      `SELECT jsonb_build_array(draft_revision, draft_rollout_id, in_force_revision)
       FROM template WHERE template_id = $1`,
      [templateId],
    );
    const whose = by === requestId ? 'next' : by && 'other';
    expect([revision, whose, inForce]).toEqual(expected);
  });
});

describe('recordPause', () => {
  it('is recorded once, with who and why', async () => {
    const story = await aRollout(db);
    const pause = { ...story, paused: true, version: 2, actor, reason: 'lunch' };
    await recordPause(db, pause);
    await recordPause(db, pause);
    expect(await rollout(story)).toMatchObject({ paused: true, phase_version: 2 });
    const details = await valueOf(
      db,
      `SELECT jsonb_agg(details) FROM audit_event WHERE org_id = $1 AND action = 'rollout.paused'`,
      [story.orgId],
    );
    expect(details).toEqual([{ reason: 'lunch' }]);
  });
});

describe('withholdUnwritten', () => {
  it('withholds who was never written, and lists those whose answer was lost as failed', async () => {
    const { rolloutId } = await aRollout(db, { users: [{}, {}, { outcome: 'applied' }] });
    await takePermit(db, rolloutId, 2);
    const lost = { countsAttempt: true, isAnswered: false, detail: 'reset' };
    await endCall(db, { rolloutId, seq: 2, call: 1, ...lost });
    await withholdUnwritten(db, rolloutId);
    expect(await countOutcomes(db, rolloutId)).toEqual({ withheld: 1, failed: 1, applied: 1 });
    expect(await rowOf(db, rolloutId, 2)).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('answer to the write was lost') as string,
    });
  });

  it('says of a user whose attempts were all refused what the last one said', async () => {
    const { rolloutId } = await aRollout(db, { users: [{}] });
    await takePermit(db, rolloutId, 1);
    const refused = { countsAttempt: true, isAnswered: true, detail: '423 locked' };
    await endCall(db, { rolloutId, seq: 1, call: 1, ...refused });
    await withholdUnwritten(db, rolloutId);
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({
      outcome: 'failed',
      detail: 'the rollout ended before an attempt succeeded: 423 locked',
    });
  });

  it('R99 calls partial whose first of two calls was made', async () => {
    const changes = [addLicense('MS'), removeLicense('BCSTD')];
    const { rolloutId } = await aRollout(db, { users: [{ changes }] });
    await db.$client.query(
      `UPDATE rollout_user SET intent_at = now(), attempts = 1, done = jsonb_build_array(changes->0)
       WHERE rollout_id = $1`,
      [rolloutId],
    );
    await withholdUnwritten(db, rolloutId);
    expect(await rowOf(db, rolloutId, 1)).toMatchObject({
      outcome: 'partial',
      refused: [{ operation: 'remove', target: { licenseId: 'BCSTD' } }],
      detail: 'the rollout ended before all of the change was written',
    });
  });
});
