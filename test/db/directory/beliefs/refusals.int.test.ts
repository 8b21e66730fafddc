import { listName, recordIncomplete } from '../../../../src/db/directory/beliefs/beliefs';
import { mirrorMembers } from '../../../../src/db/directory/mirror/mirror-members';
import { endUnusedRefusals, listRefusals } from '../../../../src/db/directory/beliefs/refusals';
import { deleteTemplates } from '../../../../src/db/templates/templates';
import { aLicense, licenseId } from '../../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../../support/database';
import { MirrorStory } from '../../../support/mirror-story';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function aStory() {
  const { db } = database;
  const story = new MirrorStory(db);
  const { orgId } = story;
  await story.licenses(aLicense('MS'), aLicense('FMS'));
  await story.groups({ sales: [], inner: [], other: [] });
  await story.settings({ includeParentGroups: true });
  const group = { memberId: 'inner', type: 'group' };
  await mirrorMembers(db, { orgId, groupId: 'sales', members: [group] });
  const templateId = await story.template('sales');
  const refuse = (...lists: string[]) =>
    Promise.all(lists.map((list) => recordIncomplete(db, { orgId, list, shown: 1, promised: 9 })));
  const refused = async () => (await listRefusals(db, orgId)).map(({ list }) => list);
  return { story, db, orgId, templateId, refuse, refused };
}

describe('refusals of lists on which nothing depends', () => {
  it('R88 are not shown for members of a group without a template, and end', async () => {
    const { db, orgId, templateId, refuse, refused } = await aStory();
    const lists = ['sales', 'inner', 'other'].map((id) => listName.members(id));
    await refuse('people', ...lists);
    expect(await refused()).toEqual(['members:inner', 'members:sales', 'people']);
    await deleteTemplates(db, [templateId], new Date());
    expect(await refused()).toEqual(['people']);
    await endUnusedRefusals(db, orgId);
    const { rows } = await db.$client.query<{ list: string }>(
      'SELECT list FROM directory_belief WHERE org_id = $1 AND refusal IS NOT NULL',
      [orgId],
    );
    expect(rows).toEqual([{ list: 'people' }]);
  });

  it('R88 are not shown for holders of a license that is not sold any more', async () => {
    const { story, db, orgId, refuse, refused } = await aStory();
    const holders = [licenseId('MS'), licenseId('FMS')].map((id) => listName.holders(id));
    await refuse(...holders);
    expect(await refused()).toEqual([...holders].sort());
    await db.$client.query(
      'UPDATE directory_license SET gone_at = now() WHERE org_id = $1 AND license_id = $2',
      [orgId, licenseId('FMS')],
    );
    expect(await refused()).toEqual([listName.holders(licenseId('MS'))]);
    await story.detect();
    expect(await refused()).toEqual([listName.holders(licenseId('MS'))]);
  });
});
