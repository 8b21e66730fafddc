import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities';
import { endAged, expectFresh } from '../../../src/activities/plan/check-plan';
import { takeDecidedPermit } from '../../../src/activities/plan/take-decided-permit';
import { planRolloutActivities } from '../../../src/activities/plan/plan-rollout';
import type { Db } from '../../../src/db/connect';
import { mirrorMembers, settleMembers } from '../../../src/db/directory/mirror-members';
import { recordMove } from '../../../src/db/rollout/record-move';
import { countOutcomes, insertRollout } from '../../../src/db/rollout/rollouts';
import { takePermit } from '../../../src/db/write/permit';
import { bindDraft, bindEnding, saveRevision } from '../../../src/db/templates/templates';
import { deleteTemplates, findTemplate } from '../../../src/db/templates/templates';
import { completeRequest, type PartialRequest } from '../../../src/domain/kinds/complete-request';
import { aLicense } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';
import { rowOf } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const actor = { name: 'tester', role: 'admin' };
const organization = { kind: 'organization' } as const;
const sales = { kind: 'group', groupId: 'sales' } as const;

/** Thirty users who hold RTT; the first `inSales` are members of the group `sales`. */
async function anOrganization(inSales = 0) {
  const story = new MirrorStory(db);
  const { orgId } = story;
  const people = Array.from({ length: 30 }, (_, i) => `p${String(i + 1).padStart(2, '0')}`);
  await story.licenses(
    ...['FMS', 'FTM'].map((offer) => aLicense(offer)),
    ...['MS', 'RTT', 'CJPSTD'].map((offer) => aLicense(offer, { total: 100 })),
  );
  await story.users(longAgo, ['FMS', 'FTM', 'RTT'], ...people);
  await story.groups({ sales: people.slice(0, inSales) });
  await story.settings({ compositionMode: 'union' });

  async function save(
    scope: typeof organization | typeof sales,
    offers: string[],
    draft = false,
  ): Promise<string> {
    const existing = (await findTemplate(db, orgId, scope))?.row ?? null;
    const { row } = await saveRevision(db, {
      orgId,
      scope,
      existing,
      newTemplateId: randomUUID(),
      name: scope.kind,
      entitlements: offers.map((offer) => ({ offer })),
      draft,
      actor: 'tester',
      now: new Date(),
    });
    return row.templateId;
  }

  async function plan(change: PartialRequest['change'], more: Partial<PartialRequest> = {}) {
    const rolloutId = randomUUID();
    const request = completeRequest({
      change,
      existingUsers: true,
      preserveLicenses: false,
      pilot: null,
      ...more,
    });
    await insertRollout(db, {
      orgId,
      rolloutId,
      request,
      title: 'a story',
      templateId: 'templateId' in change ? change.templateId : null,
      phase: 'planning',
      createdBy: 'tester',
      workflowId: 'none',
    });
    const deps = { db, writesPerSecond: 1, planExpiresInMs: 60_000 } as unknown as ActivityDeps;
    const { planRollout } = planRolloutActivities(deps);
    await new MockActivityEnvironment().run(planRollout, { orgId, rolloutId });
    return rolloutId;
  }

  const ref = (rolloutId: string) => ({ orgId, rolloutId });
  return {
    story,
    orgId,
    people,
    save,
    plan,
    /** What `start`, `promote` and `resume` ask; returns why they are refused. */
    refused: (rolloutId: string) =>
      expectFresh({ db }, ref(rolloutId), () => undefined).then(
        () => null,
        (error: unknown) => (error as Error).message,
      ),
    /** What a wave asks before it begins. */
    check: (rolloutId: string) => endAged({ db }, ref(rolloutId), () => undefined),
    /** From now on, these are the members that are believed. */
    join: async (...members: string[]) => {
      const list = members.map((memberId) => ({ memberId, type: 'user' as const }));
      await mirrorMembers(db, { orgId, groupId: 'sales', members: list });
      const believed = { maxMemberDropPercent: 100, othersRead: true };
      const settling = { orgId, startedAt: new Date(), confirmAfterMs: 0 };
      await settleMembers(db, { ...settling, ...believed, groupId: 'sales' });
    },
    move: (rolloutId: string, version: number, from: 'planned' | 'planning', draft?: 'governs') =>
      recordMove(db, {
        ...ref(rolloutId),
        from,
        to: from === 'planning' ? 'planned' : 'rolling-out',
        version,
        actor,
        reason: '',
        waitingFor: null,
        ...(draft ? { draft } : {}),
      }),
  };
}

describe('a stored plan, decided again', () => {
  it('R101 is as right as it was while nothing that decides has changed', async () => {
    const { save, plan, refused, check } = await anOrganization(10);
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    expect(await refused(rolloutId)).toBeNull();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R101 a template that is saved for 10 of 30 users makes it stale, and none is ended', async () => {
    const { save, plan, refused, check } = await anOrganization(10);
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await save(sales, ['RTT']);
    const why =
      'The plan is out of date: 10 of 30 users who are left would be decided differently today. ' +
      'Since planning: Template "group" is new or has come into force. Plan it again.';
    expect(await refused(rolloutId)).toBe(why);
    expect(await check(rolloutId)).toBe(why);
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R101 a template that is saved for 3 of 30 users ends just their rows, with what differs', async () => {
    const { save, plan, refused, check } = await anOrganization(3);
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await save(sales, ['RTT']);
    expect(await refused(rolloutId)).toBeNull();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 27, conflict: 3 });
    const { rows } = await db.$client.query<{ person_id: string; detail: string }>(
      `SELECT person_id, detail FROM rollout_user WHERE rollout_id = $1 AND outcome = 'conflict'
       ORDER BY person_id`,
      [rolloutId],
    );
    expect(rows.map(({ person_id }) => person_id)).toEqual(['p01', 'p02', 'p03']);
    expect(rows[0]?.detail).toBe(
      'planned again today, this user would be decided differently (no longer: remove RTT)',
    );
  });

  it('R101 users who join a group that grants what is removed are noticed, each by name', async () => {
    const { save, plan, check, join, people } = await anOrganization();
    const templateId = await save(organization, ['MS']);
    await save(sales, ['RTT']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await join('p07');
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 29, conflict: 1 });
    await join(...people);
    expect(await check(rolloutId)).toContain('29 of 29 users');
    expect(await check(rolloutId)).toContain('Users have joined or left groups');
  });

  it('R101 users who left the group that is rolled out to are decided as no longer in reach', async () => {
    const { save, plan, check, join } = await anOrganization(10);
    const templateId = await save(sales, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await join(...Array.from({ length: 9 }, (_, i) => `p0${i + 1}`));
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 9, conflict: 1 });
  });

  it('R101 the next revision of the template is noticed, although the plan is of the one before', async () => {
    const { save, plan, refused } = await anOrganization();
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await save(organization, ['MS', 'CJPSTD']);
    expect(await refused(rolloutId)).toContain(
      'Template "organization" was saved: revision 2 is in force, the plan was made with 1.',
    );
  });

  it('R101 a revision that grants the same is no difference', async () => {
    const { save, plan, refused, check } = await anOrganization();
    const templateId = await save(organization, ['MS', 'FMS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await save(organization, ['FMS', 'MS']);
    expect(await refused(rolloutId)).toBeNull();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R101 R16a the own draft is no difference, neither before it governs nor after', async () => {
    const { orgId, save, plan, refused, check, move } = await anOrganization();
    await save(organization, ['FMS', 'RTT']);
    const templateId = await save(organization, ['MS'], true);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 2 });
    await bindDraft(db, templateId, rolloutId);
    expect(await refused(rolloutId)).toBeNull();
    await move(rolloutId, 2, 'planning');
    await move(rolloutId, 3, 'planned', 'governs');
    expect((await findTemplate(db, orgId, organization))?.row.inForceRevision).toBe(2);
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R101 R30 a template that the rollout itself has ended is no difference', async () => {
    const { save, plan, check, move, orgId } = await anOrganization(10);
    const templateId = await save(sales, ['RTT']);
    await db.$client.query(
      `INSERT INTO provenance (org_id, person_id, target, kind, template_id, revision, rollout_id)
       SELECT $1, person_id, d.licenses->>2, 'template', $2, 1, gen_random_uuid()
       FROM directory_user d WHERE org_id = $1`,
      [orgId, templateId],
    );
    const rolloutId = await plan({ kind: 'delete-template', templateId });
    const planned = await countOutcomes(db, rolloutId);
    expect(planned.planned).toBe(30);
    await bindEnding(db, templateId, rolloutId);
    await move(rolloutId, 2, 'planning');
    await move(rolloutId, 3, 'planned', 'governs');
    expect(await findTemplate(db, orgId, sales)).toBeUndefined();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual(planned);
  });

  it('R101 a template that was deleted meanwhile makes the plan of it stale, whatever its size', async () => {
    const { save, plan, refused, check } = await anOrganization(2);
    const templateId = await save(sales, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await deleteTemplates(db, [templateId], new Date());
    const why = `The plan is out of date: Revision 1 of template ${templateId} no longer exists.`;
    expect(await refused(rolloutId)).toBe(why);
    expect(await check(rolloutId)).toBe(why);
  });

  it.each([
    ['compositionMode', { compositionMode: 'exclusive' as const }, false],
    ['compositionMode', { compositionMode: 'group-overrides-organization' as const }, true],
    ['attendeeSites', { compositionMode: 'union' as const, attendeeSites: ['a.webex.com'] }, false],
  ])('R101 the setting %s set to %j is a difference: %s', async (name, settings, differs) => {
    const { story, save, plan, refused } = await anOrganization(10);
    const templateId = await save(organization, ['MS']);
    await save(sales, ['RTT']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await story.settings(settings);
    const why = await refused(rolloutId);
    if (differs) expect(why).toContain(`The setting ${name} was changed.`);
    else expect(why).toBeNull();
  });

  it('R101 leaves rows alone whose first attempt has begun, and other users of the plan', async () => {
    const { save, plan, check, move } = await anOrganization(2);
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await move(rolloutId, 2, 'planning');
    await move(rolloutId, 3, 'planned');
    const { rows } = await db.$client.query<{ seq: number; person_id: string }>(
      `SELECT seq, person_id FROM rollout_user WHERE rollout_id = $1
       AND person_id IN ('p01', 'p02') ORDER BY person_id`,
      [rolloutId],
    );
    const [begun, waits] = rows.map(({ seq }) => seq);
    expect((await takePermit(db, rolloutId, begun ?? 0)).kind).toBe('granted');
    await save(sales, ['RTT']);
    expect(await check(rolloutId)).toBeNull();
    expect(await rowOf(db, rolloutId, begun ?? 0)).toMatchObject({ outcome: 'planned' });
    expect(await rowOf(db, rolloutId, waits ?? 0)).toMatchObject({ outcome: 'conflict' });
  });

  it('R101 a plan of an earlier version, which has not stored what it was made from, is decided again', async () => {
    const { save, plan, refused, check } = await anOrganization(10);
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await db.$client.query('UPDATE rollout SET basis = NULL WHERE rollout_id = $1', [rolloutId]);
    expect(await check(rolloutId)).toBeNull();
    await db.$client.query('UPDATE rollout SET basis = NULL WHERE rollout_id = $1', [rolloutId]);
    await save(sales, ['RTT']);
    expect(await refused(rolloutId)).toContain('10 of 30 users');
  });
});

describe('one write, after the check before its wave', () => {
  async function aWave(inSales = 1) {
    const organization = await anOrganization(inSales);
    const { save, plan, check, move, orgId } = organization;
    const templateId = await save({ kind: 'organization' }, ['MS']);
    await save(sales, ['FMS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await move(rolloutId, 2, 'planning');
    await move(rolloutId, 3, 'planned');
    expect(await check(rolloutId)).toBeNull();
    const permitFor = async (personId: string) => {
      const { rows } = await db.$client.query<{ seq: number }>(
        'SELECT seq FROM rollout_user WHERE rollout_id = $1 AND person_id = $2',
        [rolloutId, personId],
      );
      const permit = await takeDecidedPermit(db, { orgId, rolloutId, seq: rows[0]?.seq ?? 0 });
      return permit.kind === 'done' ? permit.outcome : permit.kind;
    };
    return { ...organization, rolloutId, templateId, permitFor };
  }

  it('R101 is permitted while nothing has changed', async () => {
    const { permitFor } = await aWave();
    expect(await permitFor('p01')).toBe('granted');
  });

  it('R101 is not made where a template that was saved meanwhile grants what it removes', async () => {
    const { save, permitFor } = await aWave();
    await save(sales, ['FMS', 'RTT']);
    expect(await permitFor('p01')).toBe('conflict');
    expect(await permitFor('p02')).toBe('granted');
  });

  it('R101 is not made where the user has joined a group meanwhile that grants what it removes', async () => {
    const { orgId, save, permitFor, join, check, rolloutId } = await aWave();
    await save(sales, ['FMS', 'RTT']);
    expect(await check(rolloutId)).toBeNull();
    await join('p01', 'p03');
    expect(await permitFor('p03')).toBe('conflict');
    expect(await permitFor('p02')).toBe('granted');
    const { rows } = await db.$client.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM directory_member WHERE org_id = $1',
      [orgId],
    );
    expect(rows[0]?.n).toBe(2);
  });

  it('R101 is made where settings were saved that change nothing for the user', async () => {
    const { story, permitFor } = await aWave();
    await story.settings({ compositionMode: 'union', attendeeSites: ['a.webex.com'] });
    expect(await permitFor('p01')).toBe('granted');
  });

  it('R101 is not made where the template of the plan was deleted meanwhile', async () => {
    const { templateId, permitFor } = await aWave();
    await deleteTemplates(db, [templateId], new Date());
    expect(await permitFor('p02')).toBe('conflict');
  });

  it('R101 is repeated as it began where its first attempt may have done the work', async () => {
    const { save, permitFor } = await aWave();
    expect(await permitFor('p01')).toBe('granted');
    await db.$client.query(
      "UPDATE rollout_user SET in_flight_until = NULL WHERE outcome = 'planned' AND person_id = 'p01'",
    );
    await save(sales, ['FMS', 'RTT']);
    expect(await permitFor('p01')).toBe('granted');
  });
});
