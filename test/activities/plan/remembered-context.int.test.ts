import { RememberedContext } from '../../../src/activities/plan/remembered-context';
import { readCheckMark } from '../../../src/db/plan/plan-store';
import { findRequest } from '../../../src/db/rollout/request';
import { anOrganization, organization, sales } from '../../support/aged-plan';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('what the users of a wave are decided from', () => {
  it('R101 is read once per version of templates and settings, and again after a while', async () => {
    const { db } = database;
    const { orgId, story, save, plan } = await anOrganization(db);
    const templateId = await save(organization, ['MS']);
    const rolloutId = await plan({ kind: 'template', templateId, revision: 1 });
    const request = (await findRequest(db, rolloutId))!;
    let nowMs = 0;
    const remembered = new RememberedContext(() => nowMs);
    const read = async (seq: number) => {
      const { mark } = await readCheckMark(db, rolloutId);
      return await remembered.read(db, { orgId, rolloutId, seq }, { mark, request });
    };
    const first = await read(1);
    nowMs = 4_999;
    expect(await read(2)).toBe(first);

    await save(sales, ['FMS', 'RTT']);
    const second = await read(3);
    expect(second.context.templates).toHaveLength(2);
    expect(await read(4)).toBe(second);
    await story.settings({ compositionMode: 'group-overrides-organization' });
    const third = await read(5);
    expect(third.context.settings.compositionMode).toBe('group-overrides-organization');
    nowMs += 5_000;
    const fourth = await read(6);
    expect(fourth).not.toBe(third);
    expect(fourth).toEqual(third);
  });
});
