import { eq, sql } from 'drizzle-orm';
import { settleAction } from '../../../src/db/rollout/pending-actions';
import { recordPause } from '../../../src/db/rollout/record-flags';
import { auditEvent, pendingAction, rollout } from '../../../src/db/schema';
import { readPace, updatePace } from '../../../src/db/write/pace';
import { startPace } from '../../../src/domain/rollout/pace';
import { completeRequest, type PartialRequest } from '../../../src/domain/kinds/complete-request';
import type { RolloutChange } from '../../../src/domain/request/rollout-request';
import type { ActAnswer } from '../../../src/api/jobs/jobs';
import { doubtOfNotFound } from '../../../src/domain/rollout/not-found';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { orgId, orgUuid, seedDirectory, seedRollout, summary } from '../../support/api/seed';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.jobs.reset();
  await api.database.db.execute(
    sql`TRUNCATE rollout, rollout_row, audit_event, idempotency_key, pending_action`,
  );
});

const applied: ActAnswer = {
  kind: 'applied',
  result: { phase: 'piloting', phaseVersion: 2, paused: false },
};
const digest = 'digest-1';

async function isBraked(rolloutId: string): Promise<boolean> {
  const [row] = await api.database.db
    .select({ brakeAt: rollout.brakeAt })
    .from(rollout)
    .where(eq(rollout.rolloutId, rolloutId));
  return row?.brakeAt !== null;
}

/** So many users failed in another rollout of the watch. */
async function seedFailures(users: number): Promise<void> {
  const rolloutId = await seedRollout(api.database.db, { phase: 'completed', automatic: true });
  await api.database.db.execute(sql`
    INSERT INTO rollout_row (org_id, rollout_id, seq, person_id, email, display_name, own_before, own_changes,
      own_kept, own_blocked, own_waiting, own_expected, outcome, attempts)
    SELECT org_id, rollout_id, seq + n * 10, person_id || n, email, display_name, before, changes,
      kept, blocked, waiting, expected, 'failed', 1
    FROM rollout_user, generate_series(1, ${users}::int) AS n
    WHERE rollout_id = ${rolloutId} AND seq = 1`);
}

describe('an action', () => {
  it('is delivered with the actor, the reason and the phase version that was seen', async () => {
    api.jobs.answer = applied;
    const rolloutId = await seedRollout(api.database.db, { phaseVersion: 7 });
    const started = await api.call('post', `rollouts/${rolloutId}/start`, {
      as: 'operator',
      body: { digest, reason: 'change 42' },
    });

    expect(started.status).toBe(200);
    expect(started.body).toMatchObject({ applied: true, phase: 'piloting', phaseVersion: 2 });
    expect(api.jobs.calls).toMatchObject([
      {
        kind: 'act',
        updateName: 'start',
        input: {
          actor: { role: 'operator' },
          expectedPhaseVersion: 7,
          reason: 'change 42',
          digest,
        },
      },
    ]);
  });

  it('is accepted and kept where no worker answers', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting' });
    const headers = { 'Idempotency-Key': 'p-1' };
    const paused = await api.call('post', `rollouts/${rolloutId}/pause`, { headers });
    const again = await api.call('post', `rollouts/${rolloutId}/pause`, { headers });

    expect([paused.status, paused.body.applied]).toEqual([202, false]);
    expect(again.status).toBe(202);
    const kept = await api.database.db.select().from(pendingAction);
    expect(kept).toMatchObject([
      { updateId: `${rolloutId}/pause/p-1`, updateName: 'pause', rolloutId },
    ]);
    expect(api.jobs.calls).toHaveLength(1);
  });

  it.each([
    ['piloting', ['pause', 'resume', 'pause', 'abort']],
    ['planned', ['start', 'abort']],
    ['awaiting-promotion', ['promote', 'pause', 'resume']],
    ['halted', ['resume', 'pause']],
  ] as const)('while %s is judged by where those before it lead: %j', async (phase, asked) => {
    const rolloutId = await seedRollout(api.database.db, { phase });
    for (const action of asked) {
      const body = action === 'start' ? { digest } : {};
      const { status } = await api.call('post', `rollouts/${rolloutId}/${action}`, { body });
      expect([action, status]).toEqual([action, 202]);
    }
    // None overtakes those before it.
    expect(api.jobs.calls).toHaveLength(1);
    const kept = await api.database.db.select().from(pendingAction);
    expect(kept.map(({ updateName }) => updateName).sort()).toEqual([...asked].sort());
  });

  it('is refused where what was accepted before it leads somewhere else, and says so', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting' });
    await api.call('post', `rollouts/${rolloutId}/abort`);
    const { status, body } = await api.call('post', `rollouts/${rolloutId}/resume`);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'action-not-allowed',
      phase: 'piloting',
      detail: expect.stringContaining('(abort was accepted and not carried out yet.)') as string,
    });
    const shown = await api.call('get', `rollouts/${rolloutId}`);
    expect(shown.body.allowedActions).not.toContain('abort');
    // These begin at once, from what is stored: not before it has ended.
    expect(shown.body.allowedActions).not.toContain('replan');
    expect(shown.body.allowedActions).not.toContain('retry-failed');
  });

  it('R98 lift-wait ends the wait that Webex asked for, and is audited', async () => {
    const { db } = api.database;
    const rolloutId = await seedRollout(db, { phase: 'piloting' });
    const refused = await api.call('post', `rollouts/${rolloutId}/lift-wait`, {});
    expect(refused.status).toBe(409);
    await updatePace(db, orgId, startPace(5), (pace, nowMs) => ({
      ...pace,
      notBefore: new Date(nowMs + 900_000),
      waitReason: '429 Too Many Requests',
    }));
    const shown = await api.call('get', `rollouts/${rolloutId}`);
    expect(shown.body.allowedActions).toContain('lift-wait');
    const lifted = await api.call('post', `rollouts/${rolloutId}/lift-wait`, {});
    expect([lifted.status, lifted.body.applied]).toEqual([200, true]);
    expect(await readPace(db, orgId)).toMatchObject({ notBefore: null, waitReason: null });
    const after = await api.call('get', `rollouts/${rolloutId}`);
    expect(after.body.allowedActions).not.toContain('lift-wait');
    const entries = await db.select().from(auditEvent);
    expect(entries).toMatchObject([
      { action: 'rollout.wait-lifted', details: { waitedFor: '429 Too Many Requests' } },
    ]);
  });

  it.each([
    ['pause', true],
    ['abort', true],
    ['set-pace', false],
  ] as const)('%s stops writes once it is accepted: %s', async (action, stops) => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting' });
    const body = action === 'set-pace' ? { writesPerSecond: 5 } : {};
    const accepted = await api.call('post', `rollouts/${rolloutId}/${action}`, { body });
    expect(accepted.status).toBe(202);
    expect(await isBraked(rolloutId)).toBe(stops);
  });

  it('stops writes until the last pause or abort on its way is applied or refused', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting' });
    for (const action of ['pause', 'abort']) {
      const headers = { 'Idempotency-Key': action };
      await api.call('post', `rollouts/${rolloutId}/${action}`, { headers });
    }
    const settle = (action: string, result: string) =>
      settleAction(api.database.db, {
        updateId: `${rolloutId}/${action}/${action}`,
        result,
        now: new Date(),
      });
    await settle('pause', 'refused: it is too late');
    expect(await isBraked(rolloutId)).toBe(true);
    await settle('abort', 'refused: the rollout has ended');
    expect(await isBraked(rolloutId)).toBe(false);
  });

  it('leaves the stop to the pause once a workflow has taken it', async () => {
    const { db } = api.database;
    const rolloutId = await seedRollout(db, { phase: 'piloting', phaseVersion: 2 });
    await api.call('post', `rollouts/${rolloutId}/pause`);
    const actor = { name: 'olga', role: 'operator' };
    const pause = { orgId, rolloutId, paused: true, version: 3, actor, reason: 'lunch' };
    await recordPause(db, pause);
    expect(await isBraked(rolloutId)).toBe(false);
    const [row] = await db.select().from(rollout).where(eq(rollout.rolloutId, rolloutId));
    expect(row).toMatchObject({ paused: true, pausedBy: 'olga', pauseReason: 'lunch' });
  });

  it('gets the answer of its delivery when it is asked for again', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting' });
    const headers = { 'Idempotency-Key': 'p-2' };
    await api.call('post', `rollouts/${rolloutId}/pause`, { headers });
    await api.database.db
      .update(pendingAction)
      .set({ settledAt: new Date(), result: 'applied' })
      .where(eq(pendingAction.updateId, `${rolloutId}/pause/p-2`));
    const again = await api.call('post', `rollouts/${rolloutId}/pause`, { headers });
    expect([again.status, again.body.applied]).toEqual([200, true]);
  });

  const change = { kind: 'remove-services', services: ['calling'], from: { organization: true } };
  const waived: [string, Omit<PartialRequest, 'change'>][] = [
    ['no pilot', { pilot: null }],
    ['an empty pilot', { pilot: { users: [], groups: [], sample: null } }],
    ['automatic gates', { gates: 'automatic' }],
    ["an acknowledgement of what can't be undone", { acknowledgeIrreversible: true }],
    ['guards that never trip', { guards: { failureMin: 10_000_000, failurePercent: 100 } }],
  ];

  it.each(waived)('R79 with %s is planned and started by an approver only', async (_, options) => {
    api.jobs.answer = applied;
    const request = completeRequest({ change: change as RolloutChange, ...options });
    const rolloutId = await seedRollout(api.database.db, { request });
    const body = { digest };
    const by = (as: 'operator' | 'approver', address: string, sent: object) =>
      api.call('post', address, { as, body: sent });
    const start = `rollouts/${rolloutId}/start`;
    expect((await by('operator', start, body)).body).toMatchObject({
      code: 'forbidden',
      detail: expect.stringContaining('requires the role approver') as string,
    });
    expect((await by('approver', start, body)).status).toBe(200);
    const plan = { change, ...options };
    expect((await by('operator', 'rollouts', plan)).status).toBe(403);
    expect((await by('approver', 'rollouts', plan)).status).toBe(202);
  });

  it('R79 with nobody in the pilot is started by an approver only', async () => {
    api.jobs.answer = applied;
    const waves = summary.waves.map((one) => ({ ...one, wave: 1 }));
    const rolloutId = await seedRollout(api.database.db, { summary: { ...summary, waves } });
    const start = (as: 'operator' | 'approver') =>
      api.call('post', `rollouts/${rolloutId}/start`, { as, body: { digest } });
    expect((await start('operator')).status).toBe(403);
    expect((await start('approver')).status).toBe(200);
  });

  it.each<[string, [string, string][], number, number]>([
    ['went well', [['rollout.completed', 'verifying']], 3, 200],
    ['was planned again at a gate', [['rollout.replanned', 'awaiting-promotion']], 0, 403],
    [
      'was aborted after a halt at a gate',
      [
        ['rollout.halted', 'awaiting-promotion'],
        ['rollout.aborted', 'halted'],
      ],
      0,
      403,
    ],
    [
      'had its gate promoted in the end',
      [
        ['rollout.halted', 'awaiting-promotion'],
        ['rollout.resumed', 'halted'],
        ['rollout.promoted', 'awaiting-promotion'],
      ],
      0,
      200,
    ],
    ['had too many failures', [['rollout.replanned', 'halted']], 4, 403],
  ])(
    'R79 R96 R102 what takes up users of a rollout that %s is started by an operator, or not',
    async (_, moves, failed, status) => {
      const { db } = api.database;
      api.jobs.answer = applied;
      const from = await seedRollout(db, { phase: 'aborted' });
      await db.update(rollout).set({ usersWritten: 10, usersFailed: failed });
      const entry = { orgId, actor: 'olga', role: 'operator', target: `rollouts/${from}` };
      await db
        .insert(auditEvent)
        .values(moves.map(([action, phase]) => ({ ...entry, action, details: { from: phase } })));
      const rolloutId = await seedRollout(db, { replanOf: from });
      const started = await api.call('post', `rollouts/${rolloutId}/start`, {
        as: 'operator',
        body: { digest },
      });
      expect(started.status).toBe(status);
    },
  );

  it('R96 resumes after too many failures only for an approver, and after a pause for operators', async () => {
    const { db } = api.database;
    api.jobs.answer = applied;
    const halted = await seedRollout(db, { phase: 'halted' });
    await db.update(rollout).set({ usersWritten: 4, usersFailed: 4 });
    const paused = await seedRollout(db, { phase: 'rolling-out', paused: true, automatic: true });
    const resume = (rolloutId: string, as: 'operator' | 'approver') =>
      api.call('post', `rollouts/${rolloutId}/resume`, { as });
    expect((await resume(halted, 'operator')).status).toBe(403);
    expect((await resume(paused, 'operator')).status).toBe(200);
    expect((await resume(halted, 'approver')).status).toBe(200);
  });

  it('R88 resumes after an unbelievable read of a wave only for an approver, who accepts its figures', async () => {
    api.jobs.answer = applied;
    const doubt = doubtOfNotFound({ wave: 1, of: 61, missing: 56 });
    const { db } = api.database;
    const rolloutId = await seedRollout(db, { phase: 'halted' });
    const resume = async (phaseReason: string, as: 'operator' | 'approver') => {
      await db.update(rollout).set({ phaseReason });
      return (await api.call('post', `rollouts/${rolloutId}/resume`, { as })).status;
    };
    expect(await resume(doubt, 'operator')).toBe(403);
    expect(await resume(doubt, 'approver')).toBe(200);
    expect(await resume('Webex refused the token', 'operator')).toBe(200);
  });

  it('R96 retries after too many failures only for an approver', async () => {
    const { db } = api.database;
    const rolloutId = await seedRollout(db, { phase: 'aborted' });
    await db.update(rollout).set({ usersWritten: 4, usersFailed: 4 });
    const retry = (as: 'operator' | 'approver') =>
      api.call('post', `rollouts/${rolloutId}/retry-failed`, { as });
    expect((await retry('operator')).body).toMatchObject({ code: 'forbidden' });
    // Nobody failed in this rollout: the approver gets past the role.
    expect((await retry('approver')).body).toMatchObject({ code: 'action-not-allowed' });
    await db.update(rollout).set({ usersFailed: 3 });
    expect((await retry('operator')).body).toMatchObject({ code: 'action-not-allowed' });
  });

  it('R106 what the watch leaves to a person after failures is started and retried by an approver', async () => {
    const { db } = api.database;
    api.jobs.answer = applied;
    const request = completeRequest({ change: { kind: 'reconcile' } });
    const held = await seedRollout(db, { request });
    const failed = await seedRollout(db, { phase: 'completed', automatic: true });
    const post = (rolloutId: string, action: string, as: 'operator' | 'approver') => {
      const body = action === 'start' ? { digest } : {};
      return api.call('post', `rollouts/${rolloutId}/${action}`, { as, body });
    };
    expect((await post(failed, 'retry-failed', 'operator')).status).toBe(409);
    expect((await post(held, 'start', 'operator')).status).toBe(200);
    await seedFailures(4);
    expect((await post(failed, 'retry-failed', 'operator')).status).toBe(403);
    expect((await post(held, 'start', 'operator')).body).toMatchObject({
      detail: expect.stringContaining('4 of 4 users written automatically') as string,
    });
    expect((await post(held, 'start', 'approver')).status).toBe(200);
  });

  it('with a key is one action however often it is sent', async () => {
    api.jobs.answer = applied;
    const rolloutId = await seedRollout(api.database.db);
    const once = { body: { digest }, headers: { 'Idempotency-Key': 's-1' } };
    await api.call('post', `rollouts/${rolloutId}/start`, once);
    await api.database.db.update(rollout).set({ phase: 'piloting', phaseVersion: 2 });
    const again = await api.call('post', `rollouts/${rolloutId}/start`, once);

    expect(again.status).toBe(200);
    expect(again.get('Idempotent-Replayed')).toBe('true');
    expect(api.jobs.calls).toHaveLength(1);
    const other = await api.call('post', `rollouts/${rolloutId}/start`, {
      ...once,
      body: { digest, reason: 'another' },
    });
    expect(other.body.code).toBe('idempotency-key-reused');
  });

  it.each<[string, Phase, object | undefined, string[]]>([
    ['promote', 'piloting', undefined, ['pause', 'abort', 'set-pace']],
    ['start', 'piloting', { digest }, ['pause', 'abort', 'set-pace']],
    ['discard', 'completed', undefined, []],
    ['resume', 'rolling-out', undefined, ['pause', 'abort', 'set-pace']],
    ['pause', 'planned', undefined, ['start', 'discard', 'set-pace', 'replan']],
    ['abort', 'completed', undefined, []],
    ['promote', 'verifying', undefined, ['pause', 'abort', 'set-pace']],
    ['set-pace', 'aborted', { writesPerSecond: 1 }, []],
    ['retry-failed', 'completed', undefined, []],
  ])('%s makes no sense while %s: 409 with those that do', async (action, phase, body, allowed) => {
    const rolloutId = await seedRollout(api.database.db, { phase });
    const refused = await api.call('post', `rollouts/${rolloutId}/${action}`, {
      ...(body ? { body } : {}),
    });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      code: 'action-not-allowed',
      phase,
      allowedActions: allowed,
    });
    expect(api.jobs.calls).toEqual([]);
  });

  it('R25 a second writing rollout is refused with the first one’s address', async () => {
    const first = await seedRollout(api.database.db, { phase: 'halted' });
    const second = await seedRollout(api.database.db);
    const refused = await api.call('post', `rollouts/${second}/start`, { body: { digest } });

    expect([refused.status, refused.body.code]).toEqual([409, 'organization-busy']);
    expect(refused.get('Location')).toMatch(new RegExp(`${first}$`));
    expect(refused.body.conflictsWith).toBe(refused.get('Location'));
  });

  it('start accepts only the digest of the stored plan', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const body = { digest: 'of another plan' };
    const refused = await api.call('post', `rollouts/${rolloutId}/start`, { body });
    expect([refused.status, refused.body.code]).toEqual([409, 'digest-mismatch']);
  });

  it('that was meant for an earlier phase is refused', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting', phaseVersion: 3 });
    const body = { expectedPhaseVersion: 2 };
    const refused = await api.call('post', `rollouts/${rolloutId}/pause`, { body });
    expect([refused.status, refused.body.code]).toEqual([409, 'action-too-late']);
  });

  it.each([
    ['ActionNotAllowed', 409, 'action-not-allowed'],
    ['ActionTooLate', 409, 'action-too-late'],
    ['DigestMismatch', 409, 'digest-mismatch'],
    ['OrganizationBusy', 409, 'organization-busy'],
    ['GuardTripped', 409, 'guard-tripped'],
    ['ReadOnly', 409, 'read-only'],
  ] as const)('that a workflow refuses with %s is a %i %s', async (type, status, code) => {
    api.jobs.answer = { kind: 'rejected', type, message: 'No.', details: null };
    const rolloutId = await seedRollout(api.database.db);
    const refused = await api.call('post', `rollouts/${rolloutId}/start`, { body: { digest } });
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(refused.body.allowedActions).toContain('discard');
  });
});

describe('retry-failed', () => {
  async function failedRollout(): Promise<string> {
    const rolloutId = await seedRollout(api.database.db, { phase: 'completed' });
    await api.database.db.execute(
      sql`UPDATE rollout_user SET outcome = 'failed' WHERE rollout_id = ${rolloutId} AND seq = 1`,
    );
    return rolloutId;
  }

  it('claims the organization, then starts the retry', async () => {
    const rolloutId = await failedRollout();
    const retried = await api.call('post', `rollouts/${rolloutId}/retry-failed`);

    expect([retried.status, retried.body.phase]).toEqual([200, 'rolling-out']);
    expect(api.jobs.calls).toEqual([{ kind: 'retry', rolloutId, n: 1, phaseVersion: 2 }]);
    const [row] = await api.database.db.select().from(rollout);
    expect(row).toMatchObject({
      retries: 1,
      workflowId: `rollout/${orgUuid}/${rolloutId}/retry/1`,
    });
  });

  it('R25 is one of two at once: the other gets a 409', async () => {
    const one = await failedRollout();
    const two = await failedRollout();
    const both = await Promise.all([
      api.call('post', `rollouts/${one}/retry-failed`),
      api.call('post', `rollouts/${two}/retry-failed`),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('is accepted while Temporal is away', async () => {
    api.jobs.isAway = true;
    const rolloutId = await failedRollout();
    const retried = await api.call('post', `rollouts/${rolloutId}/retry-failed`);
    expect([retried.status, retried.body.applied]).toEqual([202, false]);
  });
});
