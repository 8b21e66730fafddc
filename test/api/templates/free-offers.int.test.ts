import { eq, sql } from 'drizzle-orm';
import { directoryGroup } from '../../../src/db/schema';
import type { PlanWarning } from '../../../src/domain/model/warning';
import { groupIdOf, licenseIdOf, orgId, personIdOf, seedDirectory } from '../../support/api/seed';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { writableMember, writableUser } from '../../support/writable-mirror';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const { db } = api.database;
  await seedDirectory(db);
  const free = ['FMS', 'FTM', 'FTC'].map((offer) => licenseIdOf(offer)).sort();
  await db.update(writableUser).set({ licenses: free });
  await db.insert(writableMember).values({
    orgId,
    groupId: groupIdOf(2),
    memberId: personIdOf(1),
    type: 'user',
  });
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, org_settings, audit_event`,
  );
  await api.call('patch', 'settings', { body: { compositionMode: 'union' } });
});

const sales = `templates/groups/${groupIdOf(1)}`;
const twins = `templates/groups/${groupIdOf(2)}`;
const organization = 'templates/organization';

async function save(path: string, offers: string[]): Promise<string[]> {
  const entitlements = offers.map((offer) => ({ offer }));
  const { body } = await api.call('put', path, { body: { entitlements } });
  return (body.warnings as PlanWarning[])
    .filter(({ rule }) => rule === 'R13a')
    .map(({ text }) => text);
}

describe('R13a free offers that a template leaves out', () => {
  const losing = (n: string, label: string) =>
    expect.stringMatching(new RegExp(`^${n}.* ${label}, which this template leaves out`)) as string;

  it('counts the holders of each', async () => {
    expect(await save(organization, [])).toEqual([
      losing('2 users of the organization hold', 'Basic Messaging'),
      losing('2 users of the organization hold', 'Basic Space Meetings'),
      losing('2 users of the organization hold', 'Call on Webex'),
    ]);
  });

  it.each([[['FMS', 'FTC']], [['MS', 'FTC']]])(
    'R53, R56 %j brings messaging and space meetings: nothing is lost',
    async (offers) => {
      expect(await save(sales, offers)).toEqual([]);
    },
  );

  it('R19a leaves out users who get it from another group', async () => {
    await save(twins, ['FMS', 'FTC']);
    expect(await save(sales, ['FMS'])).toEqual([
      losing('1 user of the group holds', 'Call on Webex'),
    ]);
    expect(await save(organization, ['FMS'])).toEqual([
      losing('1 user of the organization holds', 'Call on Webex'),
    ]);
  });

  it.each([
    ['union', 0],
    ['group-overrides-organization', 1],
  ])('R4, R6 in %s what the organization template grants counts or not', async (mode, n) => {
    await api.call('patch', 'settings', { body: { compositionMode: mode } });
    await save(organization, ['FMS', 'FTC']);
    expect(await save(sales, ['FMS'])).toHaveLength(n);
  });

  it('says so where the members of a group were never read', async () => {
    const { db } = api.database;
    const group = eq(directoryGroup.groupId, groupIdOf(3));
    await db.update(directoryGroup).set({ membersReadAt: null }).where(group);
    const [text] = await save(`templates/groups/${groupIdOf(3)}`, ['FMS']);
    expect(text).toMatch(/Call on Webex: members .* They were not read yet/);
  });
});
