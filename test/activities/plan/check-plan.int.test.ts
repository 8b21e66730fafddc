import type { Db } from '../../../src/db/connect';
import { countOutcomes } from '../../../src/db/rollout/rollouts';
import { takePermit } from '../../../src/db/write/permit';
import { mirrorMembers } from '../../../src/db/directory/mirror/mirror-members';
import { bindDraft, bindEnding } from '../../../src/db/templates/templates';
import { deleteTemplates, findTemplate } from '../../../src/db/templates/templates';
import { anOrganization as anyOrganization, organization, sales } from '../../support/aged-plan';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { rowOf } from '../../support/seed';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  db = database.db;
});
afterAll(() => database.drop());

const anOrganization = (inSales = 0) => anyOrganization(db, inSales);

describe('a stored plan, decided again', () => {
  it('R101 is as right as it was while nothing that decides has changed', async () => {
    const { save, plan, refused, check } = await anOrganization(10);
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    expect(await refused(rolloutId)).toBeNull();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R102 after a rollout that failed before it had a plan, everybody is planned', async () => {
    const { story, save, plan, check } = await anOrganization();
    const templateId = await save(organization, ['MS']);
    const failed = await story.rollout('failed', { isStarted: false });
    const change = { kind: 'template', templateId, revision: 1 } as const;
    const rolloutId = await plan(change, {}, failed);
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
    expect(await check(rolloutId)).toBeNull();

    await db.$client.query('UPDATE rollout SET planned_at = now() WHERE rollout_id = $1', [failed]);
    expect(await countOutcomes(db, await plan(change, {}, failed))).toEqual({});
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

  it('R101 R103 users who join a group that the plan leaves out are left out by now', async () => {
    const { save, plan, check, join } = await anOrganization(1);
    const templateId = await save(organization, ['MS']);
    const except = { groups: ['sales'] };
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 }, { except });
    await join('p01', 'p02');
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 28, excluded: 1, conflict: 1 });
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

  it('R101 a row that has everything of its own, or a part, counts with that', async () => {
    const { save, plan, check } = await anOrganization();
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    const run = (statement: string) => db.$client.query(statement, [rolloutId]);
    const forget = () => run('UPDATE rollout SET basis = NULL WHERE rollout_id = $1');
    await run(`UPDATE rollout_row r SET content = NULL, own_before = u.before, own_kept = u.kept,
        own_changes = u.changes, own_blocked = u.blocked, own_waiting = u.waiting,
        own_expected = u.expected
      FROM rollout_user u
      WHERE u.rollout_id = $1 AND r.rollout_id = u.rollout_id AND r.seq = u.seq AND r.seq <= 10`);
    await forget();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
    await run(`UPDATE rollout_row SET own_changes = '[]' WHERE rollout_id = $1 AND seq IN (1, 30)`);
    await forget();
    expect(await check(rolloutId)).toBeNull();
    const { rows } = await run(`SELECT seq FROM rollout_user
      WHERE rollout_id = $1 AND outcome = 'conflict' ORDER BY seq`);
    expect(rows).toEqual([{ seq: 1 }, { seq: 30 }]);
  });
});

describe('a stored plan that takes from members of a group whose list comes back short', () => {
  /** All thirty are members, and lose RTT because the template of their group doesn't grant it. */
  async function aTaking() {
    const story = await anOrganization(30);
    const templateId = await story.save(sales, ['MS']);
    return { ...story, templateId, change: { kind: 'template' as const, templateId, revision: 1 } };
  }

  it('R88 R101 is refused while the list is, with both figures and what to do', async () => {
    const { plan, refused, check, members, people, change } = await aTaking();
    const rolloutId = await plan(change);
    await members(people.slice(0, 17), { maxDropPercent: 25 });
    const why = await refused(rolloutId);
    expect(why).toContain('13 of 30 users who are left would be decided differently today');
    expect(why).toContain(
      'The list of members of the group "sales" shows 17 entries, and 13 of the 30 before are missing.',
    );
    expect(why).toContain('until two checks agree about that or an administrator accepts the list');
    expect(await check(rolloutId)).toBe(why);
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R88 goes on as planned once the list is whole again', async () => {
    const { plan, refused, check, members, people, change } = await aTaking();
    const rolloutId = await plan(change);
    await members([], { maxDropPercent: 25 });
    expect(await refused(rolloutId)).toContain('is empty, and 30 of the 30 before are missing');
    await members(people, { maxDropPercent: 25 });
    expect(await refused(rolloutId)).toBeNull();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R88 R101 knows no doubt any more once two checks agree: then these users are out of reach', async () => {
    const { plan, refused, members, people, change } = await aTaking();
    const rolloutId = await plan(change);
    await members(people.slice(0, 17), { maxDropPercent: 25 });
    await members(people.slice(0, 17), { maxDropPercent: 25 });
    const why = await refused(rolloutId);
    expect(why).toContain('13 of 30 users');
    expect(why).not.toContain('missing');
    expect(why).toContain('Plan it again.');
  });

  it('R89 names the few whom the last list does not show, and takes nothing from them', async () => {
    const { plan, check, members, people, change } = await aTaking();
    const rolloutId = await plan(change);
    await members(people.slice(2), { isReadOnce: true });
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 28, conflict: 2 });
    const { rows } = await db.$client.query<{ person_id: string; detail: string }>(
      `SELECT person_id, detail FROM rollout_user WHERE rollout_id = $1 AND outcome = 'conflict'
       ORDER BY person_id`,
      [rolloutId],
    );
    expect(rows.map(({ person_id }) => person_id)).toEqual(['p01', 'p02']);
    expect(rows[0]?.detail).toContain('no longer: remove RTT; the last reads do not show');
  });

  it('R88 serves users who only gain, although the list does not show them', async () => {
    const { plan, refused, check, members, people, change } = await aTaking();
    const rolloutId = await plan(change, { preserveLicenses: true });
    await members(people.slice(0, 17), { maxDropPercent: 25 });
    expect(await refused(rolloutId)).toBeNull();
    expect(await check(rolloutId)).toBeNull();
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
  });

  it('R88 takes nothing from those who are missing where it is planned meanwhile, and says why', async () => {
    const { plan, check, members, people, change } = await aTaking();
    await members(people.slice(0, 17), { maxDropPercent: 25 });
    const rolloutId = await plan(change);
    const { rows } = await db.$client.query<{ n: number; noted: number }>(
      `SELECT count(*)::int AS n, (count(*) FILTER (WHERE kept @> '[{"code":"membership-doubtful"}]'))::int AS noted
       FROM rollout_user WHERE rollout_id = $1 AND NOT changes @> '[{"operation":"remove"}]'`,
      [rolloutId],
    );
    expect(rows).toEqual([{ n: 13, noted: 13 }]);
    expect(await check(rolloutId)).toBeNull();
  });

  it('R88 turns messaging off for nobody whom the list of the named group does not show', async () => {
    const { plan, refused, members, people } = await anOrganization(30);
    const rolloutId = await plan({
      kind: 'remove-services',
      services: ['messaging'],
      from: { groups: ['sales'] },
    });
    await members(people.slice(0, 17), { maxDropPercent: 25 });
    expect(await refused(rolloutId)).toContain('13 of 30 users');
  });

  it('R33 R88 turns messaging off for nobody once the named group has vanished', async () => {
    const { story, plan, refused } = await anOrganization(30);
    const rolloutId = await plan({
      kind: 'remove-services',
      services: ['messaging'],
      from: { groups: ['sales'] },
    });
    await story.groups({ other: [] });
    expect(await refused(rolloutId)).toContain('30 of 30 users');
  });

  it('R10 R88 takes nothing from members of a group inside the one that is rolled out to, if it is missing', async () => {
    const { story, orgId, save, plan, refused, people } = await anOrganization();
    await story.settings({ compositionMode: 'union', includeParentGroups: true });
    await story.groups({ sales: [], inner: people });
    const shown = (inner: boolean) =>
      mirrorMembers(db, {
        orgId,
        groupId: 'sales',
        members: inner ? [{ memberId: 'inner', type: 'group' }] : [],
      });
    await shown(true);
    const templateId = await save(sales, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    expect(await countOutcomes(db, rolloutId)).toEqual({ planned: 30 });
    await shown(false);
    expect(await refused(rolloutId)).toContain('30 of 30 users');
    await shown(true);
    expect(await refused(rolloutId)).toBeNull();
  });

  it('R30 removes what an ending template added, whoever the list of its group shows', async () => {
    const { orgId, save, plan, refused, members, people } = await anOrganization(30);
    const templateId = await save(sales, ['RTT']);
    await db.$client.query(
      `INSERT INTO provenance (org_id, person_id, target, kind, template_id, revision, rollout_id)
       SELECT $1, person_id, d.licenses->>2, 'template', $2, 1, gen_random_uuid()
       FROM directory_user d WHERE org_id = $1`,
      [orgId, templateId],
    );
    const rolloutId = await plan({ kind: 'delete-template', templateId });
    await members(people.slice(0, 17), { maxDropPercent: 25 });
    expect(await refused(rolloutId)).toBeNull();
  });
});

describe('one write, after the check before its wave', () => {
  /** RTT is taken from three members of the group, whose template doesn't grant it. */
  async function aTakingWave() {
    const story = await anOrganization(3);
    await story.story.organization();
    const { save, plan, check, move, permitFrom } = story;
    const templateId = await save(sales, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await move(rolloutId, 2, 'planning');
    await move(rolloutId, 3, 'planned');
    expect(await check(rolloutId)).toBeNull();
    return { ...story, rolloutId, permitFor: permitFrom(rolloutId) };
  }

  async function aWave(inSales = 1) {
    const story = await anOrganization(inSales);
    const { save, plan, check, move } = story;
    const templateId = await save(organization, ['MS']);
    await save(sales, ['FMS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await move(rolloutId, 2, 'planning');
    await move(rolloutId, 3, 'planned');
    expect(await check(rolloutId)).toBeNull();
    const permitFor = story.permitFrom(rolloutId);
    return { ...story, rolloutId, templateId, permitFor };
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

  it.each(['p01', 'p02'])(
    'R88 R89 is permitted or not by what was shown of %s last',
    async (who) => {
      const { permitFor, members } = await aTakingWave();
      await members(['p02', 'p03'], { isReadOnce: true });
      expect(await permitFor(who)).toBe(who === 'p01' ? 'conflict' : 'granted');
    },
  );

  it('R101 is not made where the user has left the group meanwhile that it is about', async () => {
    const { permitFor, join } = await aTakingWave();
    await join('p02', 'p03');
    expect(await permitFor('p01')).toBe('conflict');
    expect(await permitFor('p02')).toBe('granted');
  });

  it('R33 R101 is not made where the group has vanished meanwhile', async () => {
    const { story, permitFor } = await aTakingWave();
    await story.groups({ other: [] });
    expect(await permitFor('p01')).toBe('conflict');
  });

  it('R10 R101 is not made where a group inside that of the plan has gone missing meanwhile', async () => {
    const nested = await anOrganization();
    const { story, orgId, people, save, plan, check, move, permitFrom } = nested;
    await story.organization();
    await story.settings({ compositionMode: 'union', includeParentGroups: true });
    await story.groups({ sales: [], inner: people });
    const shown = (...members: { memberId: string; type: string }[]) =>
      mirrorMembers(db, { orgId, groupId: 'sales', members });
    await shown({ memberId: 'inner', type: 'group' });
    const templateId = await save(sales, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    await move(rolloutId, 2, 'planning');
    await move(rolloutId, 3, 'planned');
    expect(await check(rolloutId)).toBeNull();
    await shown();
    expect(await permitFrom(rolloutId)('p01')).toBe('conflict');
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
