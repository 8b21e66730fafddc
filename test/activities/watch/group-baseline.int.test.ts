import { randomUUID } from 'node:crypto';
import { mirrorMembers } from '../../../src/db/directory/mirror/mirror-members';
import { beginToGovern, dropWaitingChange } from '../../../src/db/templates/begin-to-govern';
import { beginBaseline, keepPlannedBaseline } from '../../../src/db/templates/group-baseline';
import { bindDraft, deleteTemplates } from '../../../src/db/templates/templates';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

describe('who has joined a group since its template governs', () => {
  let database: TestDatabase;
  let story: MirrorStory;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await story.users(longAgo, ['FMS'], 'ann', 'bob', 'cleo');
    await story.groups({ sales: ['ann'] });
    await story.detect();
  });
  afterAll(() => database.drop());

  /** As a save that governs at once. */
  async function save(): Promise<{ templateId: string; governsFrom: Date | null }> {
    const templateId = await story.template('sales');
    const group = { orgId: story.orgId, groupId: 'sales' };
    return { templateId, governsFrom: await beginBaseline(database.db, group) };
  }

  /** A first draft whose rollout has just been planned. */
  async function plan(): Promise<{ templateId: string; rolloutId: string }> {
    const templateId = await story.template('sales', { draft: true });
    const rolloutId = randomUUID();
    await bindDraft(database.db, templateId, rolloutId);
    await keepPlannedBaseline(database.db, { orgId: story.orgId, templateId });
    return { templateId, rolloutId };
  }

  const promote = (rolloutId: string) =>
    beginToGovern(database.db, { orgId: story.orgId, rolloutId });

  it('R91 a user who is added in the second of the save has joined', async () => {
    expect((await save()).governsFrom).toEqual(expect.any(Date));
    await story.groups({ sales: ['ann', 'bob'] });
    expect(await story.detect()).toMatchObject({ found: { joined: 1 } });
    expect(await story.reactions()).toEqual(['bob add joined waits']);
  });

  it('R91 R23 whoever was in the group before the save has not', async () => {
    await story.groups({ sales: ['ann', 'bob'] });
    await save();
    expect(await story.detect()).toMatchObject({ found: {} });
  });

  it('R91 without a whole read that is recent, the first check after the save reads the baseline', async () => {
    await database.db.$client.query(
      "UPDATE directory_group SET members_read_at = now() - interval '2 hours' WHERE org_id = $1",
      [story.orgId],
    );
    expect((await save()).governsFrom).toBeNull();
    await story.groups({ sales: ['ann', 'bob'] });
    expect(await story.detect()).toMatchObject({ found: {} });
    await story.groups({ sales: ['ann', 'bob', 'cleo'] });
    await story.detect();
    expect(await story.reactions()).toEqual(['cleo add joined waits']);
  });

  it('R91 users who join between the plan of a first draft and its promotion have joined', async () => {
    const { rolloutId } = await plan();
    await story.groups({ sales: ['ann', 'bob'] });
    expect(await story.detect()).toMatchObject({ found: {} });
    await promote(rolloutId);
    await story.groups({ sales: ['ann', 'bob', 'cleo'] });
    await story.detect();
    expect(await story.reactions()).toEqual(['bob add joined waits', 'cleo add joined waits']);
  });

  it('R91 the plan that is carried out counts, not an earlier one', async () => {
    const { templateId, rolloutId } = await plan();
    await story.groups({ sales: ['ann', 'bob'] });
    await keepPlannedBaseline(database.db, { orgId: story.orgId, templateId });
    await promote(rolloutId);
    expect(await story.detect()).toMatchObject({ found: {} });
  });

  it('R91 a draft that was planned before baselines were kept takes the last whole read', async () => {
    const templateId = await story.template('sales', { draft: true });
    const rolloutId = randomUUID();
    await bindDraft(database.db, templateId, rolloutId);
    await promote(rolloutId);
    await story.groups({ sales: ['ann', 'bob'] });
    await story.detect();
    expect(await story.reactions()).toEqual(['bob add joined waits']);
  });

  it('R91 what was kept for a dropped draft is forgotten', async () => {
    const { rolloutId } = await plan();
    await dropWaitingChange(database.db, rolloutId);
    await story.detect();
    const { rows } = await database.db.$client.query(
      'SELECT group_id FROM watch_group WHERE org_id = $1',
      [story.orgId],
    );
    expect(rows).toEqual([]);
  });

  it('R89 R91 a member who was missing from the list of the baseline and is shown again has not joined', async () => {
    const { orgId } = story;
    await story.groups({ sales: ['ann', 'bob'] });
    const members = [{ memberId: 'ann', type: 'user' }];
    await mirrorMembers(database.db, { orgId, groupId: 'sales', members });
    await save();
    await story.groups({ sales: ['ann', 'bob', 'cleo'] });
    await story.detect();
    expect(await story.reactions()).toEqual(['cleo add joined waits']);
  });

  it('R91 a template that is deleted and saved again begins anew', async () => {
    const { templateId } = await save();
    await story.detect();
    await deleteTemplates(database.db, [templateId], new Date());
    await story.groups({ sales: ['ann', 'bob'] });
    await save();
    expect(await story.detect()).toMatchObject({ found: {} });
  });
});
