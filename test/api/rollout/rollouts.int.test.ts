import { and, eq, sql } from 'drizzle-orm';
import { rollout, rolloutRow } from '../../../src/db/schema';
import type { Fault } from '../../../src/api/http/problem';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import {
  groupIdOf,
  orgId,
  orgUuid,
  personIdOf,
  seedDirectory,
  seedRollout,
  site,
} from '../../support/api/seed';
import { writableUser } from '../../support/writable-mirror';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ temporalUiUrl: 'http://127.0.0.1:8233/' });
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  api.jobs.reset();
  await api.database.db.execute(
    sql`TRUNCATE template, template_revision, rollout, rollout_row, audit_event, idempotency_key`,
  );
});

const sales = `templates/groups/${groupIdOf(1)}`;
const callingOff = {
  change: { kind: 'remove-services', services: ['calling'], from: { organization: true } },
};

async function saveSales(draft: boolean): Promise<string> {
  const saved = await api.call('put', sales, { body: { entitlements: [{ offer: 'MS' }], draft } });
  return saved.body.template.templateId as string;
}

describe('planning a rollout', () => {
  it.each([
    ['percent', { percent: 25, soak: 60 }, { size: { percent: 25 }, soakSeconds: 60 }],
    ['count', { count: 3 }, { size: { count: 3 }, soakSeconds: 0 }],
    ['size', { size: { count: 3 }, soakSeconds: 5 }, { size: { count: 3 }, soakSeconds: 5 }],
  ])('takes waves by %s', async (_, wave, stored) => {
    const body = { ...callingOff, waves: [wave] };
    const { body: created } = await api.call('post', 'rollouts', { body });
    expect(created.request.waves).toEqual([stored]);
  });

  it('accepts the seed of the pilot sample', async () => {
    const body = { ...callingOff, pilot: { sample: { percent: 5, seed: 'autumn' } } };
    const { body: created } = await api.call('post', 'rollouts', { body });
    expect(created.request).toMatchObject({ seed: 'autumn', pilot: { sample: { percent: 5 } } });
  });

  it('accepts a request in its stored form', async () => {
    const first = await api.call('post', 'rollouts', { body: callingOff });
    const again = await api.call('post', 'rollouts', { body: first.body.request });
    expect(again.status).toBe(202);
    expect(again.body.request).toEqual(first.body.request);
  });

  it('fills in the safe defaults and starts the workflow of the stored row', async () => {
    const templateId = await saveSales(false);
    const created = await api.call('post', 'rollouts', {
      as: 'operator',
      body: { change: { kind: 'template', templateId } },
    });

    expect(created.status).toBe(202);
    expect(created.get('Location')).toBe(created.body.links.self);
    expect(created.body).toMatchObject({
      phase: 'planning',
      request: {
        existingUsers: false,
        preserveLicenses: true,
        gates: 'manual',
        pilot: { sample: { percent: 1, atLeast: 5 } },
        waves: [{ size: { percent: 100 }, soakSeconds: 0 }],
      },
      allowedActions: ['discard', 'set-pace'],
      pace: { writesPerSecond: 5, source: 'default' },
      digest: null,
    });
    const { rolloutId } = created.body;
    expect(created.body.links.temporal).toBe(
      `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(`rollout/${orgUuid}/${String(rolloutId)}`)}`,
    );
    expect(api.jobs.calls).toContainEqual({ kind: 'start', rolloutId });
    const events = await api.call('get', `audit-events?target=rollouts/${String(rolloutId)}`);
    expect(events.body.items).toMatchObject([{ action: 'rollout.created', role: 'operator' }]);
  });

  it('answers 202 although Temporal is away: the row is kept', async () => {
    api.jobs.isAway = true;
    const created = await api.call('post', 'rollouts', { body: callingOff });

    expect(created.status).toBe(202);
    const found = await api.call('get', created.get('Location') ?? '');
    expect(found.body.phase).toBe('planning');
  });

  it('returns the same answer for the same key, even for two requests at once', async () => {
    const once = { body: callingOff, headers: { 'Idempotency-Key': 'k-1' } };
    const [one, two] = await Promise.all([
      api.call('post', 'rollouts', once),
      api.call('post', 'rollouts', once),
    ]);
    const three = await api.call('post', 'rollouts', once);

    expect([one.status, two.status, three.status]).toEqual([202, 202, 202]);
    expect(new Set([one, two, three].map(({ body }) => body.rolloutId as string)).size).toBe(1);
    expect(three.get('Idempotent-Replayed')).toBe('true');
    expect((await api.call('get', 'rollouts')).body.items).toHaveLength(1);
    const other = await api.call('post', 'rollouts', {
      ...once,
      body: { ...callingOff, reason: 'another' },
    });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('R16a binds the draft: a second rollout of it is refused with the first one’s address', async () => {
    const templateId = await saveSales(true);
    const body = { change: { kind: 'template', templateId }, existingUsers: true };
    const first = await api.call('post', 'rollouts', { body });
    const second = await api.call('post', 'rollouts', { body });

    expect(first.body.templateRevision).toBe(1);
    expect([second.status, second.body.code]).toEqual([409, 'draft-pending']);
    expect(second.get('Location')).toBe(first.body.links.self);
    const template = await api.call('get', sales);
    expect(template.body.draftRollout).toBe(first.body.links.self);
  });

  it('names everything that is not there, all at once', async () => {
    const wrong = await api.call('post', 'rollouts', {
      body: {
        change: { kind: 'template', templateId: 'nope' },
        pilot: {
          users: [personIdOf(1), 'nobody@acme.example'],
          groups: ['Sales', 'Twins', 'No such'],
        },
      },
    });

    expect([wrong.status, wrong.body.code]).toEqual([422, 'unknown-reference']);
    expect((wrong.body.errors as Fault[]).map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/change/templateId', 'unknown-template'],
      ['/pilot/users/1', 'unknown-user'],
      ['/pilot/groups/1', 'ambiguous-name'],
      ['/pilot/groups/2', 'unknown-group'],
    ]);
  });

  it('stores ids in Webex’s own form, whatever form they came in', async () => {
    const created = await api.call('post', 'rollouts', {
      body: {
        change: {
          ...callingOff.change,
          from: { users: ['ADA@acme.example', '0b000000-0000-4000-8000-000000000002'] },
        },
        pilot: { groups: ['sales'] },
      },
    });
    expect(created.body.request).toMatchObject({
      change: { from: { users: [personIdOf(1), personIdOf(2)] } },
      pilot: { groups: [groupIdOf(1)], users: [], sample: null },
    });
  });

  it('refuses a revision that is neither draft nor in force', async () => {
    const templateId = await saveSales(false);
    const wrong = await api.call('post', 'rollouts', {
      body: { change: { kind: 'template', templateId, revision: 7 } },
    });
    expect(wrong.body.errors[0]).toMatchObject({ code: 'unknown-revision' });
  });
});

describe('reading rollouts', () => {
  it('tells what may be done now and, for everything else, why not', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const found = await api.call('get', `rollouts/${rolloutId}`, { as: 'viewer' });

    expect(found.body).toMatchObject({
      digest: 'digest-1',
      allowedActions: ['start', 'discard', 'set-pace', 'replan'],
      refusedActions: { promote: expect.stringContaining('waiting at a gate') },
      counts: {
        planned: {
          users: 1,
          href: `/v1/organizations/${orgId}/rollouts/${rolloutId}/users?outcome=planned`,
        },
        unchanged: { users: 1 },
      },
      total: 2,
      planSeconds: 61,
      secondsLeft: 61,
    });
    const listed = await api.call('get', found.body.counts.planned.href as string);
    expect(listed.body.items).toHaveLength(1);
  });

  it('R25 says that start has to wait while another rollout writes', async () => {
    const rolloutId = await seedRollout(api.database.db);
    await seedRollout(api.database.db, { phase: 'rolling-out' });
    const found = await api.call('get', `rollouts/${rolloutId}`);
    expect(found.body.refusedActions.start).toMatch(/Only one rollout per organization can write/);
  });

  it('pages through rollouts, newest first, and filters them', async () => {
    for (let n = 0; n < 5; n += 1) {
      await seedRollout(api.database.db, {
        phase: n === 0 ? 'completed' : 'planned',
        createdAt: new Date(Date.UTC(2026, 0, 1 + n)),
      });
    }
    const seen: string[] = [];
    for (let path: string | null = 'rollouts?limit=2'; path;) {
      const page = await api.call('get', path);
      seen.push(...(column(page.body.items, 'createdAt') as string[]));
      path = page.body.next && `rollouts?limit=2&cursor=${String(page.body.next)}`;
    }
    expect(seen).toEqual([...seen].sort().reverse());
    expect(seen).toHaveLength(5);
    const completed = await api.call('get', 'rollouts?phase=completed,failed');
    expect(completed.body.items).toHaveLength(1);
    const late = await api.call('get', 'rollouts?createdAfter=2026-01-04T00:00:00Z');
    expect(late.body.items).toHaveLength(2);
  });

  it.each([
    ['outcome=planned', ['ada@acme.example']],
    ['outcome=planned,unchanged', ['ada@acme.example', 'bob@acme.example']],
    ['changed=true', ['ada@acme.example']],
    ['changed=false', ['bob@acme.example']],
    ['wave=0', ['ada@acme.example']],
    ['q=BOB', ['bob@acme.example']],
    ['q=%25', []],
  ])('filters users of a rollout by %s', async (query, emails) => {
    const rolloutId = await seedRollout(api.database.db);
    const found = await api.call('get', `rollouts/${rolloutId}/users?${query}`);
    expect(column(found.body.items, 'email')).toEqual(emails);
  });

  it.each(['\u00c4NNE@ACME', 'ada@'])(
    'finds users of a rollout by any of their addresses, in any case: %s',
    async (address) => {
      const { db } = api.database;
      const rolloutId = await seedRollout(db);
      const addresses = ['ada@acme.example', '\u00e4nne@acme.example'];
      await db
        .update(writableUser)
        .set({ addresses })
        .where(eq(writableUser.personId, personIdOf(1)));
      const found = await api.call(
        'get',
        `rollouts/${rolloutId}/users?q=${encodeURIComponent(address)}`,
      );
      expect(column(found.body.items, 'email')).toEqual(['ada@acme.example']);
    },
  );

  it.each([
    ['losing=true', ['ada@acme.example', 'dan@acme.example']],
    ['losing=false', ['bob@acme.example', 'eve@acme.example']],
    ['blocked=no-number', ['bob@acme.example']],
    ['blocked=preserved', []],
    ['kept=preserved', ['eve@acme.example']],
    ['kept=no-number,preserved', ['eve@acme.example']],
    ['losing=true&changed=true', ['ada@acme.example']],
  ])('finds with %s the users of whom that is true', async (query, emails) => {
    const rolloutId = await seedRollout(api.database.db);
    const removal = {
      operation: 'remove' as const,
      target: { kind: 'attendee' as const, site },
      reason: { code: 'not-granted' as const, text: 'x', rule: 'R19', templates: [] },
    };
    const note = { text: 'x', rule: 'R1', target: removal.target };
    await api.database.db
      .update(rolloutRow)
      .set({ ownChanges: [{ ...removal, replacement: false }] })
      .where(and(eq(rolloutRow.rolloutId, rolloutId), eq(rolloutRow.seq, 1)));
    await api.database.db
      .update(rolloutRow)
      .set({ ownBlocked: [{ ...note, code: 'no-number' }] })
      .where(and(eq(rolloutRow.rolloutId, rolloutId), eq(rolloutRow.seq, 2)));
    const [bob] = await api.database.db
      .select()
      .from(rolloutRow)
      .where(and(eq(rolloutRow.rolloutId, rolloutId), eq(rolloutRow.seq, 2)));
    await api.database.db.insert(rolloutRow).values([
      {
        ...{ ...bob!, seq: 3, personId: personIdOf(3), email: 'dan@acme.example', ownBlocked: [] },
        ownWaiting: [{ ...removal, replacement: false }],
      },
      {
        ...{ ...bob!, seq: 4, personId: personIdOf(4), email: 'eve@acme.example', ownBlocked: [] },
        ownKept: [{ ...note, code: 'preserved' as const }],
        ownChanges: [{ ...removal, replacement: true }],
      },
    ]);
    const found = await api.call('get', `rollouts/${rolloutId}/users?${query}`);
    expect(column(found.body.items, 'email')).toEqual(emails);
  });

  it('lists rollouts without reading their plans', async () => {
    const queries = jest.spyOn(api.database.db.$client, 'query');
    await api.call('get', 'rollouts');
    const texts = queries.mock.calls.map(([query]) => (query as unknown as { text: string }).text);
    queries.mockRestore();
    const [list] = texts.filter((text) => text.includes('from "rollout"'));
    expect(list).toBeDefined();
    expect(list).not.toContain('"summary"');
  });

  it('pages through users of a rollout in order of service', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const first = await api.call('get', `rollouts/${rolloutId}/users?limit=1`);
    expect(first.body.items[0].seq).toBe(1);
    const cursor = String(first.body.next);
    const second = await api.call('get', `rollouts/${rolloutId}/users?limit=1&cursor=${cursor}`);
    expect(second.body).toMatchObject({ items: [{ seq: 2 }], next: null });
  });

  it('reports every user as CSV that no spreadsheet runs', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const report = await api.call('get', `rollouts/${rolloutId}/report.csv`);

    expect(report.get('Content-Type')).toBe('text/csv; charset=utf-8');
    const [header, ada, bob] = report.text.split('\r\n');
    expect(header?.replace('\uFEFF', '')).toBe(
      'User ID/Email,Display Name,Outcome,Wave,Added,Removed,Refused,Waiting,Kept,Blocked,Blocked By,' +
        'Detail,Attempts,Written At,Converged At,Tracking ID,Features Lost,Features Gained,' +
        'Features Limited,Features Not Stated,Inform,Feedback',
    );
    expect(ada).toMatch(/^ada@acme.example,Ada,planned,pilot,Advanced Messaging \(MS\),/);
    expect(bob).toContain("'=cmd()");
  });

  it('shows progress from the workflow, and from the database where no worker answers', async () => {
    const rolloutId = await seedRollout(api.database.db, { phase: 'piloting', wave: 0 });
    const alone = await api.call('get', `rollouts/${rolloutId}/progress`);
    expect(alone.body).toMatchObject({
      source: 'database',
      counts: { planned: 1, unchanged: 1 },
      total: 2,
    });

    api.jobs.progressAnswer = {
      phase: 'piloting',
      // Newer than the row that was read.
      phaseVersion: 2,
      paused: false,
      wave: 0,
      waves: 1,
      waitingFor: 'the pilot',
      counts: { applied: 1 },
      total: 2,
      deadlineAt: null,
    };
    const live = await api.call('get', `rollouts/${rolloutId}/progress`);
    expect(live.body).toMatchObject({
      source: 'workflow',
      counts: { planned: 1, unchanged: 1 },
      waitingFor: 'the pilot',
    });
  });

  it('says what a rollout waits for, on the rollout and in its progress', async () => {
    const { db } = api.database;
    const rolloutId = await seedRollout(db, { phase: 'rolling-out' });
    const flags = { paused: true, pausedBy: 'olga', pauseReason: 'lunch' };
    await db.update(rollout).set(flags).where(eq(rollout.rolloutId, rolloutId));
    for (const address of [`rollouts/${rolloutId}`, `rollouts/${rolloutId}/progress`]) {
      const { body } = await api.call('get', address);
      expect(body.waitingFor).toBe('resume or abort: paused by olga: lunch');
    }
    await db
      .update(rollout)
      .set({ phase: 'aborted', paused: false, verifyingUntil: new Date('2026-01-02T00:00:00Z') })
      .where(eq(rollout.rolloutId, rolloutId));
    await db
      .update(rolloutRow)
      .set({ outcome: 'applied' })
      .where(and(eq(rolloutRow.rolloutId, rolloutId), eq(rolloutRow.outcome, 'planned')));
    const ended = await api.call('get', `rollouts/${rolloutId}`);
    expect(ended.body).toMatchObject({
      verifyingUntil: '2026-01-02T00:00:00.000Z',
      waitingFor: 'Webex to show what was written, until 2026-01-02T00:00:00.000Z',
    });
  });

  it('has the plan without its rows', async () => {
    const rolloutId = await seedRollout(api.database.db);
    const plan = await api.call('get', `rollouts/${rolloutId}/plan`);
    expect(plan.body).toMatchObject({ digest: 'digest-1', planSeconds: 61 });
  });
});
