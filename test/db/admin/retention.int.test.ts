import { sql } from 'drizzle-orm';
import { purge } from '../../../src/db/admin/retention';
import { createTestDatabase, type TestDatabase } from '../../support/database';

describe('retention', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.db.execute(sql`
      INSERT INTO rollout (org_id, rollout_id, request, title, phase, created_by, workflow_id, ended_at)
      SELECT 'org', ('00000000-0000-4000-8000-00000000000' || n)::uuid, '{}', 't', 'completed', 'ann',
        'w', now() - make_interval(days => days)
      FROM (VALUES (1, 40), (2, 10)) AS v(n, days)`);
    await database.db.execute(sql`
      INSERT INTO rollout_user (org_id, rollout_id, seq, person_id, email, display_name, before,
        changes, kept, blocked, waiting, expected, outcome)
      SELECT 'org', rollout_id, 1, 'p', 'p@x', 'P', '{}', '[]', '[]', '[]', '[]', '{}', 'converged'
      FROM rollout`);
    await database.db.execute(sql`
      INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at, gone_at)
      VALUES ('org', 'left', 'l@x', 'L', 'person', '[]', now(), now() - interval '40 days'),
        ('org', 'here', 'h@x', 'H', 'person', '[]', now(), NULL)`);
    await database.db.execute(sql`
      INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor)
      SELECT 'org', person_id, '00000000-0000-4000-8000-000000000001', row_number() OVER (), 'add',
        'license', '{}', 'ann' FROM directory_user`);
    await database.db.execute(sql`
      INSERT INTO provenance (org_id, person_id, target, kind, rollout_id)
      SELECT 'org', person_id, 'license', 'manual', '00000000-0000-4000-8000-000000000001'
      FROM directory_user`);
    await database.db.execute(sql`
      INSERT INTO idempotency_key (org_id, key, request_hash, status, body, created_at)
      VALUES ('org', 'old', 'h', 202, '{}', now() - interval '31 days'),
        ('org', 'new', 'h', 202, '{}', now())`);
    await database.db.execute(sql`
      INSERT INTO csv_import (org_id, import_id, created_by, users, stale_users, columns, remarks, created_at)
      SELECT 'org', ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'ann', 2, 0, '[]', '[]',
        now() - make_interval(days => days)
      FROM (VALUES (1, 40), (2, 10)) AS v(n, days)`);
    await database.db.execute(sql`
      INSERT INTO csv_row (org_id, import_id, person_id, line, wish)
      SELECT 'org', import_id, 'p' || n, n, '{"line":1,"cells":[]}' FROM csv_import, generate_series(1, 2) n`);
  });
  afterAll(() => database.drop());

  async function count(table: string): Promise<number> {
    const { rows } = await database.db.$client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM ${table}`,
    );
    return rows[0]!.n;
  }

  it('deletes users of rollouts that ended long ago, old CSV imports and users who left, and nothing else', async () => {
    expect(await purge(database.db, 30)).toBe(8);
    expect(await purge(database.db, 30)).toBe(0);
    const left = await Promise.all(
      [
        ...['rollout', 'rollout_user', 'directory_user', 'ledger', 'idempotency_key'],
        ...['csv_import', 'csv_row', 'provenance'],
      ].map(count),
    );
    expect(left).toEqual([2, 1, 1, 1, 1, 1, 2, 1]);
  });
});
