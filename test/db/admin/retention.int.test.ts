import { sql } from 'drizzle-orm';
import { purge } from '../../../src/db/admin/retention';
import { createTestDatabase, type TestDatabase } from '../../support/database';

describe('retention', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase({ writableMirror: true });
    await database.db.execute(sql`
      INSERT INTO rollout (org_id, rollout_id, request, title, phase, created_by, workflow_id, ended_at)
      SELECT 'org', ('00000000-0000-4000-8000-00000000000' || n)::uuid, '{}', 't', 'completed', 'ann',
        'w', now() - make_interval(days => days)
      FROM (VALUES (1, 40), (2, 10)) AS v(n, days)`);
    await database.db.execute(sql`
      INSERT INTO rollout_row (org_id, rollout_id, seq, person_id, email, display_name, own_before,
        own_changes, own_kept, own_blocked, own_waiting, own_expected, outcome)
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

  it.each([
    ['waits for a unit', `pending = 'unit'`, 'here', 1],
    ['is owed what a call has removed', `put_back = '[]', outcome = 'planned'`, 'here', 1],
    [
      'lost a license that could not be put back',
      `pending = 'unit', taken_up_by = rollout_id,
        own_waiting = '[{"operation": "add", "reason": {"code": "put-back"}}]'`,
      'here',
      1,
    ],
    ['waited for a unit', `pending = 'unit', wait_ended_at = now()`, 'here', 0],
    [
      'waited for a unit that another rollout gave',
      `pending = 'unit', taken_up_by = rollout_id`,
      'here',
      0,
    ],
    ['waited for a unit and left', `pending = 'unit'`, 'left', 0],
  ])('R107 R95 keeps the row of a user who %s, or not', async (_, set, personId, rows) => {
    const { db } = database;
    const rolloutId = '00000000-0000-4000-8000-000000000003';
    await db.execute(sql`
      INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at, gone_at)
      VALUES ('org', 'left', 'l@x', 'L', 'person', '[]', now(), now() - interval '40 days')`);
    await db.execute(sql`DELETE FROM rollout_user`);
    await db.execute(sql`
      INSERT INTO rollout (org_id, rollout_id, request, title, phase, created_by, workflow_id,
        started_at, ended_at)
      VALUES ('org', ${rolloutId}, '{}', 't', 'completed', 'ann', 'w',
        now() - interval '40 days', now() - interval '40 days')
      ON CONFLICT DO NOTHING`);
    await db.execute(sql`
      INSERT INTO rollout_row (org_id, rollout_id, seq, person_id, email, display_name, own_before,
        own_changes, own_kept, own_blocked, own_waiting, own_expected, outcome)
      VALUES ('org', ${rolloutId}, 1, ${personId}, 'p@x', 'P', '{}', '[]', '[]', '[]', '[]', '{}',
        'waiting-for-seat')`);
    await db.execute(sql.raw(`UPDATE rollout_user SET ${set}`));
    await purge(db, 30);
    expect(await count('rollout_user')).toBe(rows);
  });

  it('R99 R101 keeps what is still verified, and imports whose rollout has not ended', async () => {
    const { db } = database;
    const rolloutId = '00000000-0000-4000-8000-000000000004';
    const importId = '00000000-0000-4000-8000-000000000005';
    const change = JSON.stringify({ change: { kind: 'csv', importId, mode: 'add' } });
    await db.execute(sql`
      INSERT INTO rollout (org_id, rollout_id, request, title, phase, created_by, workflow_id,
        started_at, ended_at, verifying_until)
      VALUES ('org', ${rolloutId}, ${change}::jsonb, 't', 'aborted', 'ann', 'w',
        now() - interval '40 days', now() - interval '40 days', now() + interval '1 hour')`);
    await db.execute(sql`
      INSERT INTO rollout_row (org_id, rollout_id, seq, person_id, email, display_name, own_before,
        own_changes, own_kept, own_blocked, own_waiting, own_expected, outcome)
      VALUES ('org', ${rolloutId}, 1, 'here', 'p@x', 'P', '{}', '[]', '[]', '[]', '[]', '{}',
        'applied')`);
    await db.execute(sql`
      INSERT INTO csv_import (org_id, import_id, created_by, users, stale_users, columns, remarks, created_at)
      VALUES ('org', ${importId}, 'ann', 1, 0, '[]', '[]', now() - interval '40 days')`);
    await db.execute(sql`
      INSERT INTO csv_row (org_id, import_id, person_id, line, wish)
      VALUES ('org', ${importId}, 'here', 1, '{"line":1,"cells":[]}')`);
    const kept = async (endedAt: string, verifyingUntil: string) => {
      await db.execute(sql`
        UPDATE rollout SET ended_at = ${sql.raw(endedAt)}, verifying_until = ${sql.raw(verifyingUntil)}
        WHERE rollout_id = ${rolloutId}`);
      await purge(db, 30);
      await purge(db, 30);
      const { rows } = await db.execute<{ rows: number; lines: number; imports: number }>(sql`
        SELECT (SELECT count(*)::int FROM rollout_user WHERE rollout_id = ${rolloutId}) AS rows,
          (SELECT count(*)::int FROM csv_row WHERE import_id = ${importId}) AS lines,
          (SELECT count(*)::int FROM csv_import WHERE import_id = ${importId}) AS imports`);
      return rows[0];
    };
    const longAgo = "now() - interval '40 days'";
    expect(await kept('NULL', 'NULL')).toEqual({ rows: 1, lines: 1, imports: 1 });
    expect(await kept(longAgo, 'now()')).toEqual({ rows: 1, lines: 0, imports: 0 });
    expect(await kept(longAgo, 'NULL')).toEqual({ rows: 0, lines: 0, imports: 0 });
  });
});
