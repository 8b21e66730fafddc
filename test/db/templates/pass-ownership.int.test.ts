import { randomUUID } from 'node:crypto';
import type { Db } from '../../../src/db/connect';
import { mirrorLicenses } from '../../../src/db/directory/mirror/mirror-licenses';
import { mirrorMembers } from '../../../src/db/directory/mirror/mirror-members';
import { mirrorUsers } from '../../../src/db/directory/mirror/mirror-people';
import { beginRead } from '../../../src/db/directory/reads';
import { settleHolders } from '../../../src/db/directory/settle/settle-holders';
import { passOwnership } from '../../../src/db/templates/pass-ownership';
import { saveSettings } from '../../../src/db/admin/settings';
import { deleteTemplates, saveRevision } from '../../../src/db/templates/templates';
import { defaultSettings } from '../../../src/domain/model/default-settings';
import type {
  CompositionMode,
  Entitlement,
  TemplateScope,
} from '../../../src/domain/model/template';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { valueOf } from '../../support/seed';

const site = 'acme.webex.com';
const day = 24 * 60 * 60 * 1000;

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  db = database.db;
});
afterAll(() => database.drop());

/** An organization with FMS, FTM, MS, RTT from two subscriptions, and EE on a site; Ada is in `sales`. */
async function anOrganization(compositionMode: CompositionMode = 'union') {
  const orgId = randomUUID();
  await saveSettings(db, orgId, { ...defaultSettings, compositionMode });
  const licenses = ['FMS', 'FTM', 'MS', 'RTT', 'RTT-2', 'EE'].map((id) => ({
    id,
    offer: id.slice(0, 3).replace(/-$/, ''),
    name: id,
    site: id === 'EE' ? 'Acme.webex.com' : null,
    subscriptionId: 'Sub-1',
    siteType: null,
    totalUnits: 10,
    consumedUnits: 0,
  }));
  await mirrorLicenses(db, orgId, licenses, await beginRead(db, orgId));
  await see(orgId, 'ada', ['MS']);
  await join(orgId, 'sales', 'ada');
  return orgId;
}

async function see(orgId: string, personId: string, licenses: string[]) {
  const user = {
    personId,
    email: `${personId}@acme.example`,
    displayName: personId,
    kind: 'person' as const,
    status: 'active',
    createdAt: null,
    holdings: { licenses, attendeeSites: null },
  };
  await mirrorUsers(db, orgId, [user], await beginRead(db, orgId));
}

function join(orgId: string, groupId: string, ...ids: string[]) {
  const members = ids.map((memberId) => ({ memberId, type: 'user' }));
  return mirrorMembers(db, { orgId, groupId, members });
}

/** A template that governs; its id sorts by `n`. */
async function aTemplate(
  orgId: string,
  { n, grants, scope }: { n: number; grants: (string | Entitlement)[]; scope: TemplateScope },
): Promise<string> {
  const { row } = await saveRevision(db, {
    orgId,
    scope,
    existing: null,
    newTemplateId: `${n}${randomUUID().slice(1)}`,
    name: `Template ${n}`,
    entitlements: grants.map((one) => (typeof one === 'string' ? { offer: one } : one)),
    draft: false,
    actor: 'tester',
    now: new Date(),
  });
  return row.templateId;
}

const organization: TemplateScope = { kind: 'organization' };
const ofGroup = (groupId: string): TemplateScope => ({ kind: 'group', groupId });

function give(orgId: string, templateId: string, target: string, since = new Date()) {
  return db.$client.query(
    `INSERT INTO provenance (org_id, person_id, target, kind, template_id, revision, rollout_id, since)
     VALUES ($1, 'ada', $2, 'template', $3, 1, $4, $5)`,
    [orgId, target, templateId, randomUUID(), since],
  );
}

function ownerOf(orgId: string, target: string): Promise<string> {
  return valueOf(db, 'SELECT template_id FROM provenance WHERE org_id = $1 AND target = $2', [
    orgId,
    target,
  ]);
}

/** `given` by the template 9 of the group `gone`, which ends; the others stay in force. */
async function afterTheEnd(orgId: string, target: string): Promise<string> {
  const ended = await aTemplate(orgId, { n: 9, grants: ['MS'], scope: ofGroup('gone') });
  await give(orgId, ended, target);
  await deleteTemplates(db, [ended], new Date());
  await passOwnership(db, orgId, ended);
  const owner = await ownerOf(orgId, target);
  return owner === ended ? 'ended' : owner;
}

describe('passOwnership', () => {
  it('R31a passes to the template of a group that covers the user', async () => {
    const orgId = await anOrganization();
    const heir = await aTemplate(orgId, { n: 1, grants: ['MS'], scope: ofGroup('sales') });
    expect(await afterTheEnd(orgId, 'MS')).toBe(heir);
  });

  it('R31a passes to nobody if no template that grants it covers the user', async () => {
    const orgId = await anOrganization();
    await aTemplate(orgId, { n: 1, grants: ['MS'], scope: ofGroup('others') });
    await aTemplate(orgId, { n: 2, grants: ['RTT'], scope: organization });
    expect(await afterTheEnd(orgId, 'MS')).toBe('ended');
  });

  it('R31a passes to the template with the smallest id of several', async () => {
    const orgId = await anOrganization();
    await aTemplate(orgId, { n: 3, grants: ['MS'], scope: organization });
    const first = await aTemplate(orgId, { n: 2, grants: ['MS'], scope: ofGroup('sales') });
    expect(await afterTheEnd(orgId, 'MS')).toBe(first);
  });

  it.each(['FMS', 'FTM'])(
    'R31a R53 R56 %s passes to a template that grants MS and needs it',
    async (target) => {
      const orgId = await anOrganization();
      const heir = await aTemplate(orgId, { n: 1, grants: ['MS'], scope: organization });
      expect(await afterTheEnd(orgId, target)).toBe(heir);
    },
  );

  it('R31a a license of any subscription passes to the template that grants the offer (R8)', async () => {
    const orgId = await anOrganization();
    const heir = await aTemplate(orgId, { n: 1, grants: ['RTT'], scope: organization });
    expect(await afterTheEnd(orgId, 'RTT-2')).toBe(heir);
  });

  it('R31a R35 distinguishes host and attendee of one site', async () => {
    const attendee = { offer: 'EE', site, accountType: 'attendee' } as const;
    const host = { offer: 'EE', site, accountType: 'host' } as const;
    for (const [grants, target] of [
      [attendee, `attendee:${site}`],
      [host, 'EE'],
    ] as const) {
      const orgId = await anOrganization();
      const heir = await aTemplate(orgId, { n: 1, grants: [grants], scope: organization });
      const other = target === 'EE' ? `attendee:${site}` : 'EE';
      expect(await afterTheEnd(orgId, target)).toBe(heir);
      await give(orgId, 'somebody', other);
      await passOwnership(db, orgId, 'somebody');
      expect(await ownerOf(orgId, other)).toBe('somebody');
    }
  });

  it('R6 R31a passes to the organization only outside of groups with a template in group-overrides mode', async () => {
    for (const grants of [['RTT'], []]) {
      const inside = await anOrganization('group-overrides-organization');
      await aTemplate(inside, { n: 1, grants: ['MS'], scope: organization });
      await aTemplate(inside, { n: 2, grants, scope: ofGroup('sales') });
      expect(await afterTheEnd(inside, 'MS')).toBe('ended');
    }
    const outside = await anOrganization('group-overrides-organization');
    const heir = await aTemplate(outside, { n: 1, grants: ['MS'], scope: organization });
    await aTemplate(outside, { n: 2, grants: ['RTT'], scope: ofGroup('others') });
    expect(await afterTheEnd(outside, 'MS')).toBe(heir);
  });

  it('R20 R31a does not pass to the organization for users whom its template leaves out', async () => {
    const orgId = await anOrganization();
    await aTemplate(orgId, { n: 1, grants: ['MS'], scope: organization });
    await db.$client.query('UPDATE directory_user SET is_explicit = true WHERE org_id = $1', [
      orgId,
    ]);
    expect(await afterTheEnd(orgId, 'MS')).toBe('ended');
  });

  it('R10 R31a a group inside the group of a template counts where the settings say so', async () => {
    for (const includeParentGroups of [false, true]) {
      const orgId = await anOrganization();
      await saveSettings(db, orgId, {
        ...defaultSettings,
        compositionMode: 'union',
        includeParentGroups,
      });
      const members = [{ memberId: 'sales', type: 'group' }];
      await mirrorMembers(db, { orgId, groupId: 'company', members });
      const outer = await aTemplate(orgId, { n: 1, grants: ['MS'], scope: ofGroup('company') });
      expect(await afterTheEnd(orgId, 'MS')).toBe(includeParentGroups ? outer : 'ended');
    }
  });

  it('R31a leaves alone what the template itself still grants', async () => {
    const orgId = await anOrganization();
    const own = await aTemplate(orgId, { n: 5, grants: ['MS'], scope: ofGroup('sales') });
    await aTemplate(orgId, { n: 1, grants: ['MS'], scope: organization });
    await give(orgId, own, 'MS');
    expect(await passOwnership(db, orgId, own)).toBe(0);
    expect(await ownerOf(orgId, 'MS')).toBe(own);
  });
});

describe('settleHolders', () => {
  /** A read that is followed, once a second one agrees, by a verdict. */
  const seeTwice = async (orgId: string, licenses: string[]) => {
    await see(orgId, 'ada', licenses);
    await see(orgId, 'ada', licenses);
    await settleHolders(db, { orgId, startedAt: new Date(0), confirmAfterMs: 0 });
  };
  const longAgo = new Date(Date.now() - 2 * day);
  const owned = (orgId: string, target = 'MS') =>
    valueOf<boolean>(
      db,
      'SELECT ended_at IS NULL FROM provenance WHERE org_id = $1 AND target = $2',
      [orgId, target],
    );

  it('R31a R92 what somebody removed outside of Seatwise has no owner any more', async () => {
    const orgId = await anOrganization();
    await give(orgId, 'template', 'MS', longAgo);
    await seeTwice(orgId, ['MS']);
    expect(await owned(orgId)).toBe(true);
    await seeTwice(orgId, []);
    expect(await owned(orgId)).toBe(false);
    // Given again by hand, it is nobody's that a template could take back.
    await see(orgId, 'ada', ['MS']);
    expect(await owned(orgId)).toBe(false);
  });

  it('R89 R92 one read that does not show a holding ends nothing', async () => {
    const orgId = await anOrganization();
    await give(orgId, 'template', 'MS', longAgo);
    await see(orgId, 'ada', []);
    await settleHolders(db, { orgId, startedAt: new Date(0), confirmAfterMs: 60_000 });
    expect(await owned(orgId)).toBe(true);
    // What a read shows again was never lost.
    await see(orgId, 'ada', ['MS']);
    await see(orgId, 'ada', []);
    await settleHolders(db, { orgId, startedAt: new Date(0), confirmAfterMs: 60_000 });
    expect(await owned(orgId)).toBe(true);
  });

  it('R80 R31a a read that may be stale ends nothing', async () => {
    const orgId = await anOrganization();
    await give(orgId, 'template', 'MS');
    await seeTwice(orgId, []);
    expect(await owned(orgId)).toBe(true);
  });

  it('R80a R31a nor does a read that disagrees with the answer to a write', async () => {
    const orgId = await anOrganization();
    await give(orgId, 'template', 'MS', longAgo);
    await db.$client.query(
      `UPDATE directory_user SET answered_at = now(), answered = '{"licenses":["MS"],"attendeeSites":[]}'
       WHERE org_id = $1`,
      [orgId],
    );
    await seeTwice(orgId, []);
    expect(await owned(orgId)).toBe(true);
  });

  it('R31a a read that is silent about attendee accounts ends none', async () => {
    const orgId = await anOrganization();
    await give(orgId, 'template', `attendee:${site}`, longAgo);
    await seeTwice(orgId, []);
    expect(await owned(orgId, `attendee:${site}`)).toBe(true);
  });
});
