import { sql } from 'drizzle-orm';
import { createTestDatabase, type TestDatabase } from '../support/database';

describe('the embedded PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is version 16, listens on loopback only and asks for a password', async () => {
    const version = await database.db.execute<{ server_version: string }>(sql`SHOW server_version`);
    expect(version.rows[0]?.server_version).toMatch(/^16\./);
    const addresses = await database.db.execute<{ listen_addresses: string }>(
      sql`SHOW listen_addresses`,
    );
    expect(addresses.rows[0]?.listen_addresses).toBe('127.0.0.1');
  });

  it('creates for each suite the migrated tables without rows', async () => {
    const rollouts = await database.db.execute(sql`SELECT * FROM rollout`);
    expect(rollouts.rows).toEqual([]);
  });
});
