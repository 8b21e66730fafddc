import { createCredentialStore } from '../../../src/db/admin/credential';
import { startSimulator, type RunningSimulator } from '../../../src/simulator/start-simulator';
import { allScopes } from '../../../src/simulator/state/tokens';
import { createWebex } from '../../../src/webex/create-webex';
import type { StoredCredential } from '../../../src/webex/port/credential';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let running: RunningSimulator;
const refreshToken = 'refresh-token-of-the-app';

beforeAll(async () => {
  database = await createTestDatabase();
  running = await startSimulator({ users: 20 });
  running.simulator.tokens.addRefresh({
    value: refreshToken,
    name: 'app',
    scopes: allScopes,
    kind: 'service-app',
    expiresAt: Number.MAX_SAFE_INTEGER,
    clientId: 'client',
    clientSecret: 'secret',
    accessSeconds: 1_209_600,
    refreshSeconds: 7_776_000,
  });
});
afterAll(async () => {
  await running.close();
  await database.drop();
});

/** A worker process: its own client, the same configuration and database. */
function aWorker(clientSecret = 'secret') {
  const store = createCredentialStore<StoredCredential>({
    db: database.db,
    secretKey: 'a secret key of the installation',
    clientId: clientSecret === 'secret' ? 'client' : 'another',
    refreshToken,
  });
  return {
    store,
    webex: createWebex({
      baseUrl: running.url,
      credential: { kind: 'refresh', clientId: 'client', clientSecret, refreshToken, store },
      readOnly: true,
      userAgent: 'seatwise/test',
    }),
  };
}

const refreshes = () => {
  const counts = running.simulator.counters.read().byOperation['refresh token'] ?? {};
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
};

describe('workers that share a credential', () => {
  it('start together with one refresh', async () => {
    const workers = Array.from({ length: 4 }, () => aWorker());
    const reports = await Promise.all(workers.map(({ webex }) => webex.checkCredential()));
    expect(refreshes()).toBe(1);
    const [report] = reports;
    expect(report).toMatchObject({ tokenOwner: null, scopes: { missing: [] } });
    expect(report!.accessExpiresAt!.getTime()).toBeGreaterThan(Date.now() + 13 * 86_400_000);
    expect(report!.refreshExpiresAt!.getTime()).toBeGreaterThan(Date.now() + 89 * 86_400_000);
  });

  it('refresh once when the token is revoked under all of them', async () => {
    const workers = Array.from({ length: 3 }, () => aWorker());
    await Promise.all(workers.map(({ webex }) => webex.listLicenses()));
    const before = refreshes();
    const kept = await workers[0]!.store.load();
    running.simulator.tokens.revoke(kept!.accessToken);
    const lists = await Promise.all(workers.map(({ webex }) => webex.listLicenses()));
    expect(lists.every((licenses) => licenses.length > 0)).toBe(true);
    expect(refreshes() - before).toBe(1);
  });

  it('are forbidden with a wrong client secret, which no message shows', async () => {
    const { webex } = aWorker('wrong-client-secret');
    const error = await webex.listLicenses().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'forbidden', context: { status: 401 } });
    expect((error as Error).message).not.toMatch(/wrong-client-secret|refresh-token-of-the-app/);
  });
});
