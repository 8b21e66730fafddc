import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { user } from '../../../src/api/users/schema';
import { directoryGroup, provenance, reaction, rolloutRow } from '../../../src/db/schema';
import { saveSettings } from '../../../src/db/admin/settings';
import { defaultSettings } from '../../../src/domain/model/default-settings';
import type { Change } from '../../../src/domain/model/change';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import {
  groupIdOf,
  licenseIdOf,
  orgId,
  personIdOf,
  seedDirectory,
  seedRollout,
  site,
} from '../../support/api/seed';
import { writableUser } from '../../support/writable-mirror';

let api: TestApi;
let salesTemplateId: string;
const settings = { ...defaultSettings, compositionMode: 'union' as const };
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
  await saveSettings(api.database.db, orgId, settings);
  const saved = await api.call('put', `templates/groups/${groupIdOf(1)}`, {
    body: { entitlements: [{ offer: 'MS' }, { offer: 'EE', site, accountType: 'host' }] },
  });
  salesTemplateId = String(saved.body.template.templateId);
});
afterAll(() => api.stop());

const ada = personIdOf(1);
const bob = personIdOf(2);

async function explained(personId: string): Promise<z.infer<typeof user>> {
  const { body } = await api.call('get', `users/${personId}`, { as: 'viewer' });
  return user.parse(body as unknown);
}

async function change(personId: string, values: Partial<typeof writableUser.$inferInsert>) {
  const { db } = api.database;
  await db.update(writableUser).set(values).where(eq(writableUser.personId, personId));
}

function licensesOf(body: { licenses: { offer: string | null; provenance: object }[] }) {
  return Object.fromEntries(body.licenses.map((one) => [one.offer ?? '', one.provenance]));
}

/** `-FTC +MS`. */
function labels(changes: Change[]): string {
  return changes
    .map(({ operation, target }) => {
      const name = target.kind === 'license' ? target.offer : `attendee@${target.site}`;
      return `${operation === 'add' ? '+' : '-'}${name}`;
    })
    .join(' ');
}

describe('why a user holds what they hold', () => {
  const rolloutId = randomUUID();
  beforeAll(async () => {
    const { db } = api.database;
    await change(ada, {
      licenses: ['FMS', 'FTM', 'FTC', 'MS'].map((offer) => licenseIdOf(offer)).sort(),
      firstLicenses: ['FMS', 'FTC'].map((offer) => licenseIdOf(offer)),
      attendeeSites: [site],
    });
    const given = { orgId, personId: ada, rolloutId, since: new Date('2026-01-03T00:00:00Z') };
    await db.insert(provenance).values([
      {
        ...given,
        target: licenseIdOf('MS'),
        kind: 'template',
        templateId: salesTemplateId,
        revision: 1,
      },
      { ...given, target: `attendee:${site}`, kind: 'manual' },
      { ...given, target: licenseIdOf('EE', site), kind: 'manual', endedAt: new Date() },
    ]);
  });

  it('R31a names the giver of each license and attendee account, and since when', async () => {
    const body = await explained(ada);
    const licenses = licensesOf(body);
    expect(licenses.MS).toMatchObject({
      kind: 'template',
      text: 'granted by Sales',
      since: '2026-01-03T00:00:00.000Z',
      template: { templateId: salesTemplateId, revision: 1, name: 'Sales' },
      rollout: expect.stringContaining(rolloutId) as string,
    });
    expect(licenses.FMS).toMatchObject({ kind: 'unknown', template: null, rollout: null });
    expect(licenses.FTM).toMatchObject({ kind: 'manual', since: null });
    expect(body.attendeeAccounts).toMatchObject([{ site, provenance: { kind: 'manual' } }]);
  });

  it('R20 R22 distinguishes what a new user was created with from what was assigned automatically', async () => {
    await change(bob, {
      isNew: true,
      isExplicit: true,
      licenses: [licenseIdOf('FMS'), licenseIdOf('MS')].sort(),
      firstLicenses: [licenseIdOf('FMS'), licenseIdOf('MS')],
    });
    const body = await explained(bob);
    expect(licensesOf(body)).toMatchObject({
      FMS: { kind: 'implicit' },
      MS: { kind: 'explicit', since: expect.any(String) as string },
    });
    expect(body).toMatchObject({ isNew: true, isExplicit: true });
    expect(column(body.standing, 'code')).toEqual(['new', 'explicit']);
    await change(bob, { isNew: false, isExplicit: false });
  });

  it('R10 shows the groups, and which template each of them holds', async () => {
    expect((await explained(ada)).groups).toMatchObject([
      {
        displayName: 'Sales',
        isDirect: true,
        template: {
          templateId: salesTemplateId,
          revision: 1,
          address: expect.anything() as string,
        },
      },
    ]);
  });
});

describe('what a user should hold', () => {
  it('R11 says why, and R46 why not', async () => {
    await change(ada, { licenses: [licenseIdOf('FMS')], attendeeSites: [] });
    const { db } = api.database;
    await db.execute('UPDATE directory_license SET consumed_units = total_units');
    const { shouldHold } = await explained(ada);
    const byOffer = Object.fromEntries(
      (shouldHold as { offer: string }[]).map((one) => [one.offer, one]),
    );
    expect(byOffer.FMS).toMatchObject({ held: true, requiredBy: null, whyNot: [] });
    expect(byOffer.MS).toMatchObject({
      held: false,
      why: 'granted by Sales',
      rule: 'R11',
      whyNot: [{ code: 'no-unit', rule: 'R46' }],
    });
    expect(byOffer.EE).toMatchObject({ site, whyNot: [{ code: 'no-unit' }] });
    await db.execute('UPDATE directory_license SET consumed_units = 1 WHERE total_units > 2');
  });

  it('R20 leaves the organization template out for who was created with a license', async () => {
    await api.call('put', 'templates/organization', { body: { entitlements: [{ offer: 'FTC' }] } });
    await change(bob, { isExplicit: true, licenses: [] });
    const { shouldHold, next } = await explained(bob);
    expect(column(shouldHold, 'offer')).not.toContain('FTC');
    expect(labels(next.reconciliation?.changes as Change[])).not.toContain('FTC');
    // A rollout of it to existing users would include them.
    expect(next.exact?.template.name).toBe('Acme');
    expect(labels(next.exact?.changes as Change[])).toContain('+FTC');
    await change(bob, { isExplicit: false });
  });
});

describe('what comes next for a user', () => {
  const rtt = licenseIdOf('RTT');

  it('R19 R28 adds and keeps automatically, and compares with a rollout that preserves nothing', async () => {
    await change(ada, {
      licenses: [licenseIdOf('FMS'), rtt, licenseIdOf('CF')],
      attendeeSites: [],
    });
    await api.database.db.execute(
      `INSERT INTO directory_license SELECT org_id, '${rtt}', 'RTT', 'Room', site, subscription_id,
         site_type, total_units, consumed_units, read_at FROM directory_license WHERE offer = 'MS'`,
    );
    const { next } = await explained(ada);
    expect(next.reconciliation).toMatchObject({ mode: 'add', causes: [], outcome: 'planned' });
    expect(labels(next.reconciliation?.changes as Change[])).toBe('+FTM +MS +EE +FTC');
    expect(column(next.reconciliation?.kept, 'code')).toContain('preserved');
    // What the organization doesn't list is never touched.
    expect(column(next.exact?.kept, 'code')).toContain('unlisted');
    expect(labels(next.exact?.changes as Change[])).toContain('-RTT');
  });

  it('R29 decides by the reaction that waits, and says in words what was found', async () => {
    await saveSettings(api.database.db, orgId, { ...settings, preserveOnGroupTransition: false });
    await api.database.db.insert(reaction).values({
      orgId,
      personId: ada,
      mode: 'exact',
      causes: [
        { kind: 'joined', groupId: groupIdOf(1) },
        { kind: 'left', groupId: groupIdOf(2) },
      ],
    });
    const { next, reactions } = await explained(ada);
    expect(next.reconciliation).toMatchObject({
      mode: 'exact',
      causes: [
        { text: 'joined Sales', rule: 'R27' },
        { text: 'left Twins', rule: 'R26' },
      ],
    });
    expect(labels(next.reconciliation?.changes as Change[])).toContain('-RTT');
    expect(reactions).toMatchObject([{ mode: 'exact', rollout: null, closedAt: null }]);

    // Once the setting is on again, what was found before takes nothing any more.
    await saveSettings(api.database.db, orgId, settings);
    const later = await explained(ada);
    expect(labels(later.next.reconciliation?.changes as Change[])).not.toContain('-RTT');
  });

  it('R46 R56 takes up what a rollout had withheld, with what comes with it', async () => {
    const { db } = api.database;
    const rolloutId = await seedRollout(db, { phase: 'completed', startedAt: new Date() });
    const withheld: Change = {
      operation: 'add',
      target: { kind: 'license', licenseId: licenseIdOf('MS'), offer: 'MS', site: null },
      reason: { code: 'granted', text: 'granted by Sales', rule: 'R11', templates: [] },
      replacement: false,
    };
    await db
      .update(rolloutRow)
      .set({ outcome: 'waiting-for-seat', pending: 'unit', ownChanges: [], ownWaiting: [withheld] })
      .where(eq(rolloutRow.rolloutId, rolloutId));
    await db.delete(reaction);
    await db.insert(reaction).values({
      orgId,
      personId: ada,
      mode: 'waiting',
      causes: [{ kind: 'units-free', rolloutId }],
    });
    const { next, openRows } = await explained(ada);
    expect(next.reconciliation).toMatchObject({ mode: 'waiting' });
    expect(labels(next.reconciliation?.changes as Change[])).toBe('+FTM +MS');
    expect(openRows).toMatchObject([{ state: 'waiting-for-unit', pending: 'unit' }]);
    await db.delete(reaction);
  });

  it('R16a shows plans that wait for a start apart from rows that will be written', async () => {
    const { db } = api.database;
    const waiting = await seedRollout(db);
    const running = await seedRollout(db, { phase: 'rolling-out' });
    const { next, openRows } = await explained(ada);
    expect(column(next.plans, 'rollout')).toEqual([expect.stringContaining(waiting)]);
    expect(openRows).toContainEqual(
      expect.objectContaining({
        state: 'to-be-written',
        rollout: expect.stringContaining(running) as string,
      }),
    );
  });

  it('R33 spares members of a group that the last check did not show', async () => {
    const { db } = api.database;
    const isSales = eq(directoryGroup.groupId, groupIdOf(1));
    await db.update(directoryGroup).set({ goneAt: new Date() }).where(isSales);
    const { next, standing } = await explained(ada);
    expect(column(standing, 'code')).toContain('group-vanished');
    expect(labels(next.exact?.changes as Change[])).not.toContain('-');
    await db.update(directoryGroup).set({ goneAt: null }).where(isSales);
  });

  it('R17 never touches what is no person', async () => {
    await change(bob, { kind: 'machine' });
    const { next, standing } = await explained(bob);
    expect(next).toMatchObject({ reconciliation: null, exact: null });
    expect(column(standing, 'code')).toEqual(['not-a-person']);
  });
});
