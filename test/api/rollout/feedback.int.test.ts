import { sql } from 'drizzle-orm';
import { feedback } from '../../../src/db/schema';
import { purge } from '../../../src/db/admin/retention';
import { column, startTestApi, type TestApi } from '../../support/api/test-api';
import { personIdOf, seedDirectory, seedRollout } from '../../support/api/seed';

let api: TestApi;
let rolloutId: string;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await api.database.db.execute(
    sql`TRUNCATE rollout, rollout_row, feedback, audit_event, idempotency_key`,
  );
  const startedAt = new Date();
  rolloutId = await seedRollout(api.database.db, { phase: 'awaiting-promotion', startedAt });
});

const good = { verdict: 'good', text: 'Messages arrive.' };

describe('feedback', () => {
  it('R85 is shown on the rollout, to be read at the gate', async () => {
    const empty = await api.call('get', `rollouts/${rolloutId}`);
    expect(empty.body.feedback).toMatchObject({ good: 0, neutral: 0, bad: 0, latest: [] });

    const kept = await api.call('post', `rollouts/${rolloutId}/feedback`, {
      as: 'operator',
      body: { verdict: 'bad', text: 'My spaces are gone.', user: 'ADA@acme.example' },
    });
    expect(kept.status).toBe(201);
    expect(kept.body).toMatchObject({ personId: personIdOf(1), verdict: 'bad' });
    await api.call('post', `rollouts/${rolloutId}/feedback`, { body: good });

    const { body: found } = await api.call('get', `rollouts/${rolloutId}`, { as: 'viewer' });
    expect(found.allowedActions).toContain('promote');
    expect(found.feedback).toMatchObject({ good: 1, neutral: 0, bad: 1 });
    expect(column(found.feedback.latest, 'text')).toEqual([
      'Messages arrive.',
      'My spaces are gone.',
    ]);
    const events = await api.call('get', `audit-events?target=rollouts/${rolloutId}`);
    expect(column(events.body.items, 'action')).toEqual([
      'rollout.feedback-recorded',
      'rollout.feedback-recorded',
    ]);
  });

  it('R85 is listed newest first, page by page', async () => {
    for (let n = 1; n <= 7; n += 1) {
      const body = { verdict: 'neutral', text: `no. ${n}` };
      await api.call('post', `rollouts/${rolloutId}/feedback`, { body });
    }
    const path = `rollouts/${rolloutId}/feedback?limit=4`;
    const first = await api.call('get', path, { as: 'viewer' });
    const second = await api.call('get', `${path}&cursor=${String(first.body.next)}`);
    const texts = [...column(first.body.items, 'text'), ...column(second.body.items, 'text')];
    expect(texts).toEqual([7, 6, 5, 4, 3, 2, 1].map((n) => `no. ${n}`));
    expect(second.body.next).toBeNull();
    const shown = await api.call('get', `rollouts/${rolloutId}`);
    expect(shown.body.feedback.latest).toHaveLength(5);
  });

  it('R85 is in the report, next to its author', async () => {
    const user = personIdOf(2);
    await api.call('post', `rollouts/${rolloutId}/feedback`, { body: { ...good, user } });
    const again = { verdict: 'bad', text: '=HYPERLINK("x")', user };
    await api.call('post', `rollouts/${rolloutId}/feedback`, { body: again });
    await api.call('post', `rollouts/${rolloutId}/feedback`, {
      body: { verdict: 'neutral', text: 'Hm.' },
    });
    const report = await api.call('get', `rollouts/${rolloutId}/report.csv`);
    const lines = report.text.trim().split('\r\n');
    expect(lines[0]).toMatch(/Feedback/);
    expect(lines.find((line) => line.startsWith('bob@'))).toContain(
      'good: Messages arrive.; bad: =HYPERLINK',
    );
    expect(lines.at(-1)).toMatch(/^,.*neutral: Hm\.$/);
  });

  it('R85 is kept once per key', async () => {
    const once = { body: good, headers: { 'Idempotency-Key': 'k-1' } };
    const path = `rollouts/${rolloutId}/feedback`;
    const [one, two] = await Promise.all([
      api.call('post', path, once),
      api.call('post', path, once),
    ]);
    const three = await api.call('post', path, once);
    expect(new Set([one, two, three].map(({ body }) => body.id as number)).size).toBe(1);
    expect(three.get('Idempotent-Replayed')).toBe('true');
    const other = await api.call('post', path, { ...once, body: { ...good, text: 'No.' } });
    expect(other.body.code).toBe('idempotency-key-reused');
  });

  it('R85 accepts none before the start, none for users outside of the rollout, and none from viewers', async () => {
    const planned = await seedRollout(api.database.db);
    const early = await api.call('post', `rollouts/${planned}/feedback`, { body: good });
    expect([early.status, early.body.code]).toEqual([409, 'action-not-allowed']);

    const path = `rollouts/${rolloutId}/feedback`;
    await api.database.db.execute(sql`DELETE FROM rollout_user WHERE person_id = ${personIdOf(2)}`);
    for (const user of ['nobody@acme.example', 'bob@acme.example']) {
      const stranger = await api.call('post', path, { body: { ...good, user } });
      expect(stranger.body).toMatchObject({
        code: 'unknown-reference',
        errors: [{ pointer: '/user' }],
      });
    }
    expect((await api.call('post', path, { as: 'viewer', body: good })).status).toBe(403);
    expect((await api.call('post', path, { body: { verdict: 'meh', text: 'x' } })).status).toBe(
      422,
    );
    expect((await api.call('post', path, { body: { verdict: 'bad', text: ' ' } })).status).toBe(
      422,
    );
  });

  it('R85 is forgotten with the users of its rollout', async () => {
    await api.call('post', `rollouts/${rolloutId}/feedback`, { body: good });
    await purge(api.database.db, 30);
    expect(await api.database.db.select().from(feedback)).toHaveLength(1);
    await api.database.db.execute(
      sql`UPDATE rollout SET phase = 'completed', ended_at = now() - interval '31 days'`,
    );
    await purge(api.database.db, 30);
    expect(await api.database.db.select().from(feedback)).toEqual([]);
  });
});
