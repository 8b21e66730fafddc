import { createCredentialStore } from '../../../src/db/admin/credential';
import { credential } from '../../../src/db/schema';
import type { StoredCredential } from '../../../src/webex/port/credential';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.db.delete(credential));

const tokens = (accessToken: string): StoredCredential => ({
  accessToken,
  refreshToken: 'refresh-secret',
  scopes: ['spark-admin:licenses_read'],
  obtainedAt: 1_000,
  accessExpiresAt: 1_000_000,
  refreshExpiresAt: 9_000_000,
});

const storeOf = (options: { secretKey?: string; refreshToken?: string } = {}) =>
  createCredentialStore<StoredCredential>({
    db: database.db,
    secretKey: options.secretKey ?? 'a secret key of the installation',
    clientId: 'client',
    refreshToken: options.refreshToken ?? 'configured',
  });

describe('createCredentialStore', () => {
  it('shows every worker what one of them saved', async () => {
    expect(await storeOf().load()).toBeNull();
    await storeOf().update(() => Promise.resolve(tokens('first')));
    expect(await storeOf().load()).toEqual(tokens('first'));
  });

  it('keeps nothing readable in the table', async () => {
    await storeOf().update(() => Promise.resolve(tokens('access-secret')));
    const rows = await database.db.select().from(credential);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(
      /access-secret|refresh-secret|licenses_read|configured/,
    );
    expect(rows[0]?.refreshExpiresAt).toEqual(new Date(9_000_000));
  });

  it('says which variable is wrong when the key is another one', async () => {
    await storeOf().update(() => Promise.resolve(tokens('first')));
    await expect(storeOf({ secretKey: 'another' }).load()).rejects.toThrow('SEATWISE_SECRET_KEY');
  });

  it('lets a newly configured refresh token begin afresh', async () => {
    await storeOf().update(() => Promise.resolve(tokens('first')));
    expect(await storeOf({ refreshToken: 'newly configured' }).load()).toBeNull();
  });

  it('lets one worker refresh while the others wait and find the result', async () => {
    let refreshes = 0;
    const worker = () =>
      storeOf().update(async (current) => {
        if (current) return current;
        refreshes += 1;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return tokens('fresh');
      });
    const found = await Promise.all([worker(), worker(), worker()]);
    expect(found.map((each) => each.accessToken)).toEqual(['fresh', 'fresh', 'fresh']);
    expect(refreshes).toBe(1);
  });

  it('keeps what was there when a refresh fails', async () => {
    await storeOf().update(() => Promise.resolve(tokens('first')));
    const failing = storeOf().update(() => Promise.reject(new Error('refused')));
    await expect(failing).rejects.toThrow('refused');
    expect((await storeOf().load())?.accessToken).toBe('first');
  });
});
