import { recordIncomplete } from '../../../src/db/directory/beliefs/beliefs';
import { listRefusals } from '../../../src/db/directory/beliefs/refusals';
import { mirrorMembers } from '../../../src/db/directory/mirror/mirror-members';
import { settleMembers } from '../../../src/db/directory/settle/settle-members';
import { beginRead } from '../../../src/db/directory/reads';
import { moveTemplate } from '../../../src/db/templates/move-template';
import { listReplacedGroups, possibleSuccessors } from '../../../src/db/watch/replaced-groups';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

const team = ['ann', 'bob', 'cleo', 'dora', 'eve'];

describe('a group that the directory deletes and makes again', () => {
  let database: TestDatabase;
  let story: MirrorStory;
  let templateId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    story = new MirrorStory(database.db);
    await story.settings({ preserveOnGroupTransition: false });
    templateId = await story.template('sales');
    await story.users(longAgo, ['FMS', 'RTT'], ...team, 'fay');
    await story.groups({ sales: team, staff: [...team, 'fay'] });
    await story.detect();
  });
  afterAll(() => database.drop());

  const query = (set: string, and = 'true') =>
    database.db.$client.query<Record<string, unknown>>(
      `${set} WHERE org_id = $1 AND ${and} RETURNING *`,
      [story.orgId],
    );

  /** Two reads agree that the group is not there any more. */
  const isDeleted = (groupId: string) =>
    query(
      'UPDATE directory_group SET gone_at = now(), deleted_at = now()',
      `group_id = '${groupId}'`,
    );

  const appears = async (groupId: string, members: string[], displayName = groupId) => {
    await story.groups({ [groupId]: members, staff: [...team, 'fay'] });
    await query(
      `UPDATE directory_group SET display_name = '${displayName}'`,
      `group_id = '${groupId}'`,
    );
    await isDeleted('sales');
  };

  /** Two reads of this group in one check. */
  const readsOf = async (groupId: string, members: string[]) => {
    const { orgId } = story;
    const { startedAt } = await beginRead(database.db, orgId);
    const list = members.map((memberId) => ({ memberId, type: 'user' }));
    await mirrorMembers(database.db, { orgId, groupId, members: list });
    await mirrorMembers(database.db, { orgId, groupId, members: list });
    const judged = { maxMemberDropPercent: 20, othersRead: true };
    const settling = { orgId, startedAt, confirmAfterMs: 0 };
    await settleMembers(database.db, { ...settling, ...judged, groupId });
  };

  const replaced = async () =>
    (await listReplacedGroups(database.db, story.orgId)).map((one) => one.successorGroupId);

  it.each<[string, string[], string]>([
    ['same name, same members', team, 'sales'],
    ['same name, not filled yet', [], ' Sales'],
    ['renamed, with 80 % of the members', team.slice(1), 'selling'],
  ])('R90 %s: its template stays, and nobody loses anything', async (_, members, displayName) => {
    await appears('again', members, displayName);
    for (let looks = 0; looks < 3; looks += 1) {
      expect(await story.detect()).toMatchObject({ found: {} });
    }
    expect(await story.reactions()).toEqual([]);
    expect(await replaced()).toEqual(['again']);
    const { rows } = await database.db.$client.query(
      "SELECT details FROM audit_event WHERE org_id = $1 AND action = 'template.group-replaced'",
      [story.orgId],
    );
    expect(rows).toEqual([{ details: { successor: 'again', members: 5, shared: members.length } }]);
  });

  it('R90 a successor that appears only after the group has vanished', async () => {
    await isDeleted('sales');
    expect(await story.detect()).toMatchObject({ found: {} });
    await appears('again', team, 'sales');
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await replaced()).toEqual(['again']);
  });

  it('R33 R90 a group that has long been there replaces nobody: the template ends at the next check', async () => {
    await isDeleted('sales');
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await story.detect()).toMatchObject({ found: { 'group-deleted': 5 } });
    expect(await replaced()).toEqual([]);
  });

  it('R33 R90 neither does one that appeared before the group itself', async () => {
    await story.groups({ sales: team, staff: [], early: team, late: [] });
    await story.template('late');
    await query(
      "UPDATE directory_group SET first_seen_at = now() + interval '1 s'",
      "group_id = 'late'",
    );
    await isDeleted('late');
    await story.detect();
    await story.detect();
    expect(await replaced()).toEqual([]);
  });

  it('R90 a new group with fewer of the members is no successor', async () => {
    await appears('again', team.slice(2));
    await story.detect();
    expect(await story.detect()).toMatchObject({ found: { 'group-deleted': 5 } });
  });

  it('R90 asks for the members of groups that appeared, and only where a template may end', async () => {
    await story.groups({ sales: team, staff: [], again: [] });
    expect(await possibleSuccessors(database.db, story.orgId)).toEqual([]);
    await isDeleted('sales');
    expect(await possibleSuccessors(database.db, story.orgId)).toEqual(['again']);
  });

  it('R90 a group that is shown again needs no successor', async () => {
    await appears('again', team, 'sales');
    await story.detect();
    await query(
      'UPDATE directory_group SET gone_at = NULL, deleted_at = NULL, missed_looks = 0',
      "group_id = 'sales'",
    );
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await replaced()).toEqual([]);
  });

  it('R90 R91 moved to its successor, the template knows who was there before', async () => {
    await appears('again', [...team.slice(1), 'fay'], 'sales');
    await story.detect();
    const { orgId } = story;
    await moveTemplate(database.db, { orgId, templateId, from: 'sales', to: 'again' });
    await readsOf('again', [...team.slice(1), 'fay']);
    expect(await story.detect()).toMatchObject({ found: { joined: 1, left: 1 } });
    expect(await story.reactions()).toEqual(['ann exact left waits', 'fay exact joined waits']);
    expect(await replaced()).toEqual([]);
  });

  it('R88 R90 moved to its successor, the template leaves no refusal of the vanished group', async () => {
    await appears('again', team, 'sales');
    await story.detect();
    const { orgId } = story;
    for (const list of ['members:sales', 'people']) {
      await recordIncomplete(database.db, { orgId, list, shown: 2, promised: 5 });
    }
    await moveTemplate(database.db, { orgId, templateId, from: 'sales', to: 'again' });
    const refused = await listRefusals(database.db, orgId);
    expect(refused.map(({ list }) => list)).toEqual(['people']);
  });

  it('R89 R90 moved to its successor, the template keeps who is not there until a second read agrees', async () => {
    await appears('again', team.slice(1), 'sales');
    await story.detect();
    const { orgId } = story;
    await moveTemplate(database.db, { orgId, templateId, from: 'sales', to: 'again' });
    expect(await story.detect()).toMatchObject({ found: {} });
    await readsOf('again', team);
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await story.reactions()).toEqual([]);
  });

  it('R88 R90 moved to a successor that is still being filled, the template takes nothing on one check', async () => {
    const many = Array.from({ length: 50 }, (_, n) => `user${n}`);
    await story.users(longAgo, ['FMS', 'RTT'], ...many);
    await story.groups({ sales: many, staff: [...team, 'fay'] });
    await story.detect();
    await query('DELETE FROM reaction');
    await appears('again', many.slice(0, 10), 'sales');
    await story.detect();
    const { orgId } = story;
    await moveTemplate(database.db, { orgId, templateId, from: 'sales', to: 'again' });
    expect(await story.detect()).toMatchObject({ found: {} });
    await readsOf('again', many.slice(0, 10));
    expect(await story.detect()).toMatchObject({ found: {} });
    const { rows } = await database.db.$client.query(
      `SELECT refusal, refused_before AS before, refused_now AS now FROM directory_belief
       WHERE org_id = $1 AND list = 'members:again'`,
      [orgId],
    );
    expect(rows).toEqual([{ refusal: 'drop', before: 50, now: 10 }]);
    await readsOf('again', many);
    expect(await story.detect()).toMatchObject({ found: {} });
    expect(await story.reactions()).toEqual([]);
  });
});
