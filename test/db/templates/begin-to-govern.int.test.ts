import { randomUUID } from 'node:crypto';
import { dropWaitingChange, beginToGovern } from '../../../src/db/templates/begin-to-govern';
import {
  bindDraft,
  findTemplateById,
  saveRevision,
  templatesInForce,
} from '../../../src/db/templates/templates';
import type { TemplateScope } from '../../../src/domain/model/template';
import type { RolloutChange } from '../../../src/domain/request/rollout-request';
import { completeRequest } from '../../../src/domain/kinds/complete-request';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aRollout, valueOf } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
});
afterAll(() => database.drop());

const organization: TemplateScope = { kind: 'organization' };
const sales: TemplateScope = { kind: 'group', groupId: 'sales' };

/** A template that grants FTC, with a draft that grants nothing, bound to a rollout about Ada. */
async function aStory(scope: TemplateScope, request: { existingUsers?: boolean } = {}) {
  const { db } = database;
  const { orgId, rolloutId } = await aRollout(db, { users: [{ personId: 'ada' }] });
  const save = {
    orgId,
    scope,
    newTemplateId: randomUUID(),
    name: 'T',
    actor: 'a',
    now: new Date(),
  };
  const first = await saveRevision(db, {
    ...save,
    existing: null,
    entitlements: [{ offer: 'FTC' }],
    draft: false,
  });
  const { templateId } = first.row;
  const draft = { ...save, existing: first.row, entitlements: [], draft: true };
  await saveRevision(db, draft);
  await bindDraft(db, templateId, rolloutId);
  await isAbout(rolloutId, templateId, { kind: 'template', templateId, revision: 2 }, request);
  await db.$client.query(
    `INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at, is_explicit)
     SELECT $1, p, p, p, 'person', '[]', now(), true FROM unnest(ARRAY['ada', 'bob']) p`,
    [orgId],
  );
  await db.$client.query(
    `INSERT INTO provenance (org_id, person_id, target, kind, template_id, revision, rollout_id)
     VALUES ($1, 'ada', 'FTC-license', 'template', $2, 1, $3)`,
    [orgId, templateId, randomUUID()],
  );
  return { orgId, rolloutId, templateId };
}

async function isAbout(
  rolloutId: string,
  templateId: string,
  change: RolloutChange,
  { existingUsers = true } = {},
) {
  const request = completeRequest({ change, existingUsers });
  await database.db.$client.query(
    'UPDATE rollout SET request = $2, template_id = $3 WHERE rollout_id = $1',
    [rolloutId, JSON.stringify(request), templateId],
  );
}

async function ending(scope: TemplateScope) {
  const story = await aStory(scope);
  const { rolloutId, templateId } = story;
  await isAbout(rolloutId, templateId, { kind: 'delete-template', templateId });
  await database.db.$client.query(
    `UPDATE template SET draft_revision = NULL, draft_rollout_id = NULL, ending_rollout_id = $2
     WHERE template_id = $1`,
    [templateId, rolloutId],
  );
  return story;
}

async function revisionInForce(orgId: string): Promise<number | undefined> {
  return (await templatesInForce(database.db, orgId))[0]?.revision;
}

function explicitUsers(orgId: string): Promise<string[]> {
  return valueOf(
    database.db,
    `SELECT coalesce(jsonb_agg(person_id ORDER BY person_id), '[]') FROM directory_user
     WHERE org_id = $1 AND is_explicit`,
    [orgId],
  );
}

describe('govern', () => {
  it('R16a puts the draft in force, once, and only that of this rollout', async () => {
    const story = await aStory(sales);
    const other = await aStory(sales);
    expect(await revisionInForce(story.orgId)).toBe(1);
    await beginToGovern(database.db, story);
    await beginToGovern(database.db, story);
    expect(await revisionInForce(story.orgId)).toBe(2);
    expect(await revisionInForce(other.orgId)).toBe(1);
    const stored = await findTemplateById(database.db, story.orgId, story.templateId);
    expect(stored).toMatchObject({ draft: null, row: { draftRolloutId: null } });
  });

  it('R30 R24 ends the template whose deletion it is, and R31a keeps the record of what it gave', async () => {
    const { orgId, rolloutId, templateId } = await ending(sales);
    expect(await templatesInForce(database.db, orgId)).toHaveLength(1);
    await beginToGovern(database.db, { orgId, rolloutId });
    expect(await templatesInForce(database.db, orgId)).toEqual([]);
    const owner = 'SELECT template_id FROM provenance WHERE org_id = $1';
    expect(await valueOf(database.db, owner, [orgId])).toBe(templateId);
  });

  it('R31a passes on what the revision in force grants no more', async () => {
    const { db } = database;
    const { orgId, rolloutId } = await aStory(sales);
    await db.$client.query(
      `INSERT INTO directory_license (org_id, license_id, offer, name, total_units, read_at)
       VALUES ($1, 'FTC-license', 'FTC', 'Call', 9, now())`,
      [orgId],
    );
    const union = { compositionMode: 'union' };
    await db.$client.query('INSERT INTO org_settings (org_id, settings) VALUES ($1, $2)', [
      orgId,
      JSON.stringify(union),
    ]);
    const heir = await saveRevision(db, {
      orgId,
      scope: organization,
      existing: null,
      newTemplateId: randomUUID(),
      name: 'Everybody',
      entitlements: [{ offer: 'FTC' }],
      draft: false,
      actor: 'a',
      now: new Date(),
    });
    await db.$client.query('UPDATE directory_user SET is_explicit = false');
    await beginToGovern(db, { orgId, rolloutId });
    const owner = 'SELECT template_id FROM provenance WHERE org_id = $1';
    expect(await valueOf(db, owner, [orgId])).toBe(heir.row.templateId);
  });

  it('R20 includes the explicit users of a rollout of the organization template, and nobody else', async () => {
    const story = await aStory(organization);
    await beginToGovern(database.db, story);
    expect(await explicitUsers(story.orgId)).toEqual(['bob']);
  });

  it.each([
    ['of a group template', () => aStory(sales)],
    ['without existing users', () => aStory(organization, { existingUsers: false })],
    ['that ends the organization template', () => ending(organization)],
  ])('R20 a rollout %s includes nobody', async (_, story) => {
    const { orgId, rolloutId } = await story();
    await beginToGovern(database.db, { orgId, rolloutId });
    expect(await explicitUsers(orgId)).toEqual(['ada', 'bob']);
  });
});

describe('dropWhatWaits', () => {
  it('R16a leaves the revision before it in force, and the draft waits for nothing', async () => {
    const { orgId, rolloutId, templateId } = await aStory(organization);
    await dropWaitingChange(database.db, rolloutId);
    await beginToGovern(database.db, { orgId, rolloutId: randomUUID() });
    expect(await revisionInForce(orgId)).toBe(1);
    const stored = await findTemplateById(database.db, orgId, templateId);
    expect(stored).toMatchObject({ draft: null, row: { draftRolloutId: null } });
    expect(await explicitUsers(orgId)).toEqual(['ada', 'bob']);
  });

  it('R30 leaves a template in force whose deletion was given up', async () => {
    const { orgId, rolloutId, templateId } = await ending(sales);
    await dropWaitingChange(database.db, rolloutId);
    await beginToGovern(database.db, { orgId, rolloutId });
    const stored = await findTemplateById(database.db, orgId, templateId);
    expect(stored?.row).toMatchObject({ endingRolloutId: null, deletedAt: null });
  });
});
