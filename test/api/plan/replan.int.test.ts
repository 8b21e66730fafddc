import { eq, sql } from 'drizzle-orm';
import { recordMove } from '../../../src/db/rollout/record-move';
import { takesUpFrom } from '../../../src/db/rollout/replan';
import { countLeft, giveBackTaken, takeUpLeft } from '../../../src/db/rollout/taken-rows';
import { rollout, rolloutRow } from '../../../src/db/schema';
import { bindDraft } from '../../../src/db/templates/templates';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { addLicense } from '../../support/seed';
import type { Change } from '../../../src/domain/model/change';
import { orgId, seedDirectory, seedRollout } from '../../support/api/seed';

const putBack: Change = {
  ...addLicense('MS'),
  reason: { code: 'put-back', text: 'put back', rule: 'R95', templates: [] },
};

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.jobs.reset();
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, rollout, rollout_row, audit_event, idempotency_key,
      pending_action`,
  );
});

/** A rollout of which one user failed, and the other one stays as they are. */
async function withAFailure(phase: Phase): Promise<string> {
  const rolloutId = await seedRollout(api.database.db, { phase });
  const isFirst = eq(rolloutRow.seq, 1);
  await api.database.db.update(rolloutRow).set({ outcome: 'failed' }).where(isFirst);
  return rolloutId;
}

/** The first draft of the organization's template, whose planning failed before there was a plan. */
async function withAFailedFirstDraft(): Promise<string> {
  const { db } = api.database;
  const saved = { entitlements: [{ offer: 'MS' }], draft: true };
  const answer = await api.call('put', 'templates/organization', { body: saved });
  const { templateId } = (answer.body as { template: { templateId: string } }).template;
  const rolloutId = await seedRollout(db, {
    phase: 'planning',
    templateId,
    request: completeRequest({ change: { kind: 'template', templateId, revision: 1 } }),
    ...{ summary: null, digest: null, plannedAt: null },
  });
  await db.delete(rolloutRow).where(eq(rolloutRow.rolloutId, rolloutId));
  await bindDraft(db, templateId, rolloutId);
  await recordMove(db, {
    ...{ orgId, rolloutId, from: 'planning', to: 'failed', version: 2 },
    actor: { name: 'seatwise', role: 'system' },
    reason: 'GET /people: a page has no list',
    waitingFor: null,
    draft: 'dropped',
  });
  return rolloutId;
}

describe('planning again what a rollout has left', () => {
  it.each<Phase>(['completed', 'aborted', 'failed'])(
    'R102 takes up a rollout that is %s as one of its own, once per key',
    async (phase) => {
      const rolloutId = await withAFailure(phase);
      const once = {
        body: { pilot: null, guards: { failurePercent: 50 } },
        headers: { 'Idempotency-Key': 'again' },
      };
      const planned = await api.call('post', `rollouts/${rolloutId}/replan`, once);
      expect(planned.status).toBe(202);
      expect(planned.body).toMatchObject({
        phase: 'planning',
        replanOf: expect.stringContaining(rolloutId),
        request: { pilot: null, guards: { failurePercent: 50, maxRemovals: null } },
      });
      expect(planned.body.rolloutId).not.toBe(rolloutId);
      expect(api.jobs.calls).toEqual([{ kind: 'start', rolloutId: planned.body.rolloutId }]);

      const again = await api.call('post', `rollouts/${rolloutId}/replan`, once);
      expect(again.body.rolloutId).toBe(planned.body.rolloutId);
      const other = await api.call('post', `rollouts/${rolloutId}/replan`, {});
      expect([other.status, other.body.code]).toEqual([409, 'action-not-allowed']);
      expect(other.body.detail).toContain(planned.body.rolloutId);
      const first = await api.call('get', `rollouts/${rolloutId}`);
      const { allowedActions } = first.body as { allowedActions: string[] };
      expect(allowedActions).not.toContain('replan');
      expect(allowedActions).not.toContain('retry-failed');
    },
  );

  it.each<[Phase, string]>([
    ['rolling-out', 'is writing users'],
    ['verifying', 'is verifying'],
    ['expired', 'never started'],
  ])('R102 is refused while %s, with the reason', async (phase, why) => {
    const rolloutId = await withAFailure(phase);
    const refused = await api.call('post', `rollouts/${rolloutId}/replan`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'action-not-allowed']);
    expect(refused.body.detail).toContain(why);
  });

  it('R102 is refused where nobody is left', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'completed' });
    await api.database.db.update(rolloutRow).set({ outcome: 'converged' });
    const refused = await api.call('post', `rollouts/${rolloutId}/replan`, {});
    expect(refused.body.detail).toContain('No user of the rollout is left');
  });

  it('R102 R16a of a rollout that failed before it had a plan, everybody is left, and its first draft waits again', async () => {
    const { db } = api.database;
    const failed = await withAFailedFirstDraft();
    expect((await api.call('get', 'templates/organization')).status).toBe(404);
    const { body: shown } = await api.call('get', `rollouts/${failed}`);
    expect(shown.allowedActions).toContain('replan');

    const planned = await api.call('post', `rollouts/${failed}/replan`, {});
    expect(planned.status).toBe(202);
    const { rolloutId: by } = planned.body as { rolloutId: string };
    expect(planned.body.replanOf).toContain(failed);
    const [row] = await db.select().from(rollout).where(eq(rollout.rolloutId, by));
    expect(await takesUpFrom(db, row!)).toBeNull();
    const { body: template } = await api.call('get', 'templates/organization');
    expect(template).toMatchObject({
      draft: { revision: 1 },
      draftRollout: expect.stringContaining(by),
    });

    const other = await api.call('post', `rollouts/${failed}/replan`, {});
    expect([other.status, other.body.detail]).toEqual([409, expect.stringContaining(by)]);
  });

  it('R102 a draft that was saved since is not taken from anybody by it', async () => {
    const failed = await withAFailedFirstDraft();
    const saved = { entitlements: [{ offer: 'FMS' }], draft: true };
    await api.call('put', 'templates/organization', { body: saved });
    const refused = await api.call('post', `rollouts/${failed}/replan`, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'action-not-allowed']);
    const { body: template } = await api.call('get', 'templates/organization');
    expect(template).toMatchObject({ draft: { revision: 2 }, draftRollout: null });
  });

  it('R102 a rollout that failed before it had a plan leaves whom it was to take up', async () => {
    const { db } = api.database;
    const first = await withAFailure('completed');
    const answer = await api.call('post', `rollouts/${first}/replan`, {});
    const { rolloutId: second } = answer.body as { rolloutId: string };
    const isSecond = eq(rollout.rolloutId, second);
    await db.update(rollout).set({ phase: 'failed', endedAt: new Date() }).where(isSecond);

    const planned = await api.call('post', `rollouts/${second}/replan`, {});
    expect([planned.status, planned.body.replanOf]).toEqual([202, expect.stringContaining(first)]);
    const { rolloutId: third } = planned.body as { rolloutId: string };
    const [row] = await db.select().from(rollout).where(eq(rollout.rolloutId, third));
    expect(await takesUpFrom(db, row!)).toBe(first);
    for (const earlier of [first, second]) {
      const twice = await api.call('post', `rollouts/${earlier}/replan`, {});
      expect([twice.status, twice.body.detail]).toEqual([409, expect.stringContaining(third)]);
    }
    await takeUpLeft(db, { from: first, by: third });
    const isThird = eq(rollout.rolloutId, third);
    await db.update(rollout).set({ phase: 'completed' }).where(isThird);
    const nobody = await api.call('post', `rollouts/${second}/replan`, {});
    expect(nobody.body.detail).toContain('No user of the rollout is left');
  });

  it('R102 keeps what is asked for until the workflow of a plan acts on it', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const asked = { body: { acknowledgeIrreversible: true, waves: [{ size: { count: 1 } }] } };
    const accepted = await api.call('post', `rollouts/${rolloutId}/replan`, asked);
    expect([accepted.status, accepted.body.phase]).toEqual([202, 'planned']);
    const [act] = api.jobs.calls;
    const [row] = await api.database.db
      .select()
      .from(rollout)
      .where(eq(rollout.rolloutId, rolloutId));
    expect(act).toMatchObject({
      kind: 'act',
      updateName: 'replan',
      input: { requestId: row?.nextRequest?.requestId },
    });
    expect(row?.nextRequest?.request).toMatchObject({
      ...row?.request,
      acknowledgeIrreversible: true,
      waves: [{ size: { count: 1 }, soakSeconds: 0 }],
    });
    expect(row?.request.acknowledgeIrreversible).toBe(false);
  });

  /** The workflow acts, and the API ends before it can store its answer. */
  function dieAfter(acts: () => Promise<void>) {
    api.jobs.onAct = async () => {
      await acts();
      throw new Error('the process ended');
    };
  }

  it.each<[Phase, boolean]>([
    ['halted', true],
    ['planned', false],
  ])(
    'R102 the same key gets the same plan after the API ended in between, from %s',
    async (phase, isSuccessor) => {
      const { db } = api.database;
      const rolloutId = await withAFailure(phase);
      const once = {
        body: { guards: { failurePercent: 5 } },
        headers: { 'Idempotency-Key': `ended-${phase}` },
      };
      const row = async () =>
        (await db.select().from(rollout).where(eq(rollout.rolloutId, rolloutId)))[0];
      dieAfter(async () => {
        const { orgId, phaseVersion, nextRequest } = (await row())!;
        const { requestId } = nextRequest!;
        const to = isSuccessor ? 'aborted' : 'planning';
        const actor = { name: 'tester', role: 'approver' };
        const version = phaseVersion + 1;
        const common = { reason: '', waitingFor: null, requestId };
        await recordMove(db, { orgId, rolloutId, from: phase, to, version, actor, ...common });
      });
      const first = await api.call('post', `rollouts/${rolloutId}/replan`, once);
      expect(first.status).toBeGreaterThanOrEqual(500);
      const again = await api.call('post', `rollouts/${rolloutId}/replan`, once);
      expect(again.status).toBe(202);
      const planned = isSuccessor
        ? { replanOf: expect.stringContaining(rolloutId) as string }
        : { rolloutId };
      expect(again.body).toMatchObject({ phase: 'planning', ...planned });
      const third = await api.call('post', `rollouts/${rolloutId}/replan`, once);
      expect(third.body.rolloutId).toBe(again.body.rolloutId);
      const other = { ...once, body: { guards: { failurePercent: 4 } } };
      expect((await api.call('post', `rollouts/${rolloutId}/replan`, other)).status).toBe(422);
    },
  );

  it('R102 a user is taken up once, and given back by a rollout that never started', async () => {
    const { db } = api.database;
    const rolloutId = await withAFailure('completed');
    const planned = await api.call('post', `rollouts/${rolloutId}/replan`, {});
    const { rolloutId: by } = planned.body as { rolloutId: string };
    expect((await countLeft(db, rolloutId)).left).toBe(1);
    expect(await takeUpLeft(db, { from: rolloutId, by })).toEqual([
      { outcome: 'failed', users: 1 },
    ]);
    expect(await takeUpLeft(db, { from: rolloutId, by })).toEqual([
      { outcome: 'failed', users: 1 },
    ]);
    expect((await countLeft(db, rolloutId)).left).toBe(0);
    await giveBackTaken(db, by);
    expect((await countLeft(db, rolloutId)).left).toBe(1);
  });

  it.each([
    ['first in line for a unit', { pending: 'unit' as const, ownWaiting: [putBack] }],
    ['not put back yet', { putBack: [putBack] }],
  ])('R95 R102 leaves a user who has lost a license in their place: %s', async (_, owed) => {
    const { db } = api.database;
    const rolloutId = await withAFailure('completed');
    const planned = await api.call('post', `rollouts/${rolloutId}/replan`, {});
    const { rolloutId: by } = planned.body as { rolloutId: string };
    await db.update(rolloutRow).set(owed).where(eq(rolloutRow.seq, 1));
    expect((await countLeft(db, rolloutId)).left).toBe(0);
    expect(await takeUpLeft(db, { from: rolloutId, by })).toEqual([]);
  });

  it('R102 who is taken up is not retried, neither while the other rollout plans nor after', async () => {
    const { db } = api.database;
    const rolloutId = await withAFailure('completed');
    const retry = () => api.call('post', `rollouts/${rolloutId}/retry-failed`);
    const planned = await api.call('post', `rollouts/${rolloutId}/replan`, {});
    const { rolloutId: by } = planned.body as { rolloutId: string };
    const early = await retry();
    expect([early.status, early.body.code]).toEqual([409, 'action-not-allowed']);
    expect(early.body.detail).toContain(by);

    await takeUpLeft(db, { from: rolloutId, by });
    await db.update(rollout).set({ phase: 'completed' }).where(eq(rollout.rolloutId, by));
    const late = await retry();
    expect([late.status, late.body.detail]).toEqual([
      409,
      'Another rollout has taken up the users who failed.',
    ]);
    await giveBackTaken(db, by);
    expect((await retry()).status).toBe(200);
  });

  it('R102 a rollout whose retry has begun meanwhile is not taken up', async () => {
    const rolloutId = await withAFailure('completed');
    const [planned, retried] = await Promise.all([
      api.call('post', `rollouts/${rolloutId}/replan`, {}),
      api.call('post', `rollouts/${rolloutId}/retry-failed`),
    ]);
    const done = [planned.status === 202, retried.status === 200];
    expect(done.filter(Boolean)).toHaveLength(1);
  });
});
