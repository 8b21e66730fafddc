import { eq, sql } from 'drizzle-orm';
import { parse } from 'csv-parse/sync';
import { rolloutRow } from '../../../src/db/schema';
import type { Note } from '../../../src/domain/model/note';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import { licenseIdOf, personIdOf, seedDirectory, seedRollout } from '../../support/api/seed';
import { writableUser } from '../../support/writable-mirror';

let api: TestApi;
let rolloutId: string;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.database.db.execute(sql`TRUNCATE rollout, rollout_row`);
  rolloutId = await seedRollout(api.database.db, { phase: 'completed' });
});

async function report(): Promise<Record<string, string>[]> {
  const { text } = await api.call('get', `rollouts/${rolloutId}/report.csv`);
  return parse(text, { bom: true, columns: true });
}

const messagingLost = [
  {
    operation: 'remove' as const,
    target: {
      kind: 'license' as const,
      licenseId: licenseIdOf('FMS'),
      offer: 'FMS',
      site: null,
    },
    reason: { code: 'service-off' as const, text: 'off', rule: 'R58', templates: [] },
    replacement: false,
  },
];

async function adaLosesMessaging(given: Partial<typeof rolloutRow.$inferInsert> = {}) {
  await api.database.db
    .update(rolloutRow)
    .set({
      ownBefore: { licenses: [licenseIdOf('FMS'), licenseIdOf('FTC')].sort(), attendeeSites: null },
      ownChanges: messagingLost,
      outcome: 'converged',
      writtenAt: new Date(),
      ...given,
    })
    .where(eq(rolloutRow.personId, personIdOf(1)));
}

describe('the features of users', () => {
  it('R82 R86 are told for each, with whom to inform', async () => {
    await adaLosesMessaging();
    const { body } = await api.call('get', `rollouts/${rolloutId}/users`);
    const [ada, bob] = body.items;
    expect(column(ada.features.lost, 'feature')).toEqual([
      'message-directly',
      'message-in-space',
      'share-desktop-outside-call',
      'schedule-in-space',
    ]);
    expect(ada.features).toMatchObject({
      gained: [],
      limited: [{ feature: 'annotate', site: null, text: 'annotate' }],
      notStated: [{ feature: 'whiteboard' }],
    });
    expect([ada.inform, bob.inform]).toEqual([true, false]);
  });

  it('R82 R86 stand in the report', async () => {
    await adaLosesMessaging();
    const [ada, bob] = await report();
    expect(ada).toMatchObject({
      'Features Lost': expect.stringMatching(/^message someone directly \(1:1\); /) as string,
      'Features Limited': 'annotate',
      'Features Not Stated': 'whiteboard',
      Inform: 'yes',
    });
    expect(bob).toMatchObject({ 'Features Lost': '', Inform: '' });
  });

  it('R82 asks to inform nobody of what was not written', async () => {
    await adaLosesMessaging({ outcome: 'failed', writtenAt: null });
    expect((await report())[0]).toMatchObject({ Outcome: 'failed', Inform: '' });
  });
});

describe('users who have not signed in', () => {
  const setStatus = (status: string, invitePending: boolean | null = null) =>
    api.database.db
      .update(writableUser)
      .set({ status, invitePending })
      .where(eq(writableUser.personId, personIdOf(1)));
  beforeEach(() =>
    api.database.db
      .update(rolloutRow)
      .set({ outcome: 'converged', writtenAt: new Date() })
      .where(eq(rolloutRow.personId, personIdOf(1))),
  );

  it.each<[string, boolean | null, string | null, string]>([
    ['pending', null, 'at-first-sign-in', 'assigned, activates at first sign-in'],
    ['unknown', true, 'at-first-sign-in', 'assigned, activates at first sign-in'],
    ['active', false, null, 'converged'],
  ])('R48 R50 are told: status %s, invitation pending %s', async (status, pending, said, text) => {
    await setStatus(status, pending);
    const { body } = await api.call('get', `rollouts/${rolloutId}/users?outcome=converged`);
    expect(body.items).toMatchObject([{ outcome: 'converged', activation: said }]);
    expect((await report())[0]).toMatchObject({ Outcome: text });
    const { body: found } = await api.call('get', `rollouts/${rolloutId}`);
    expect(found.counts.converged).toMatchObject({ users: 1 });
  });
});

describe('users for whom something is blocked', () => {
  const target = { kind: 'offer' as const, offer: 'BCSTD', site: null };
  const note = (code: 'no-number' | 'bad-number'): Note => ({
    code,
    text: `because of ${code}`,
    rule: 'R64',
    target,
  });
  beforeEach(async () => {
    for (const [n, code] of [
      [1, 'no-number'],
      [2, 'bad-number'],
    ] as const) {
      await api.database.db
        .update(rolloutRow)
        .set({ ownBlocked: [note(code)] })
        .where(eq(rolloutRow.personId, personIdOf(n)));
    }
  });

  it.each([
    ['no-number', [1]],
    ['bad-number', [2]],
    ['no-number,bad-number', [1, 2]],
    ['irreversible', []],
  ])('R69 are listed by cause: %s', async (blocked, seqs) => {
    const { body } = await api.call('get', `rollouts/${rolloutId}/users?blocked=${blocked}`);
    expect(column(body.items, 'seq')).toEqual(seqs);
  });

  it('R69 refuses a cause that there is not', async () => {
    const { status } = await api.call('get', `rollouts/${rolloutId}/users?blocked=bad-luck`);
    expect(status).toBe(400);
  });

  it('R69 stand in the report with their cause', async () => {
    const [ada, bob] = await report();
    expect(ada).toMatchObject({
      'Blocked By': 'no-number',
      Blocked: expect.stringContaining('because of no-number') as string,
    });
    expect(bob).toMatchObject({ 'Blocked By': 'bad-number' });
  });
});
