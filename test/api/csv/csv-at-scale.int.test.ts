import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { csvLayout } from '../../../src/api/csv/layout';
import { readCsvInto } from '../../../src/api/csv/read-csv-into';
import { readRecords } from '../../../src/api/csv/read-records';
import { usersCsv } from '../../../src/api/csv/users-csv';
import { csvImport, csvRow } from '../../../src/db/schema';
import type { CsvRecord } from '../../../src/domain/csv/read-row';
import { licenseIdOf, orgId, orgUuid, seedDirectory } from '../../support/api/seed';
import { makeUploadFolder } from '../../support/api/upload-folder';
import { startTestApi, tokens, type TestApi } from '../../support/api/test-api';
import { waitFor } from '../../support/wait-for';

const users = 20_000;
const rowsPerBatch = 500;

let api: TestApi;
let server: Server;
let address: string;
let arriving: () => Promise<number>;

beforeAll(async () => {
  const uploads = await makeUploadFolder();
  ({ arriving } = uploads);
  api = await startTestApi({ uploadFolder: uploads.uploadFolder });
  const { db } = api.database;
  await seedDirectory(db);
  await db.$client.query(
    `INSERT INTO directory_license (org_id, license_id, offer, name, total_units, read_at)
     SELECT $1, 'license-' || n, 'X' || n, 'A license of some name ' || n, 1000, now()
     FROM generate_series(1, 20) n`,
    [orgId],
  );
  await db.$client.query(
    `INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at)
     SELECT $1, 'person-' || n, 'somebody.of.some.name.' || n || '@acme.example', 'Somebody ' || n,
       'person', $2::jsonb, now() FROM generate_series(1, $3) n`,
    [orgId, JSON.stringify([licenseIdOf('FMS'), licenseIdOf('FTM'), 'license-1']), users - 2],
  );
  server = api.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  address = `http://127.0.0.1:${port}/v1/organizations/${orgId}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await api.stop();
});

const headers = { authorization: `Bearer ${tokens.operator}`, 'content-type': 'text/csv' };

function call(pathname: string, body?: string): Promise<Response> {
  return fetch(
    `${address}/${pathname}`,
    body === undefined ? { headers } : { method: 'POST', headers, body },
  );
}

async function exportedFile(): Promise<string> {
  return (await call('users.csv')).text();
}

describe(`files of ${users} users`, () => {
  it('R76 come out and go in whole', async () => {
    const lines = (await exportedFile()).split('\r\n').filter(Boolean);
    expect(lines).toHaveLength(users + 1);
    const edited = [
      lines[0],
      ...lines.slice(1).map((line) => line.replace(/,FALSE,/, ',TRUE,')),
    ].join('\r\n');
    const taken = await call('csv-imports', edited);
    expect(taken.status).toBe(201);
    const body = (await taken.json()) as { users: number };
    expect(body.users).toBe(users);
  });

  it('R76 are stored in batches while they are read: no more than one batch is held', async () => {
    const { db } = api.database;
    const layout = await csvLayout(db, orgId);
    const file = Buffer.from(await exportedFile());
    let held = 0;
    let mostHeld = 0;
    let records = 0;
    let mostAtOnce = 0;
    async function* counted(): AsyncGenerator<CsvRecord[]> {
      for await (const some of readRecords(chunksOf(file))) {
        records += some.length;
        held += some.length;
        mostHeld = Math.max(mostHeld, held);
        mostAtOnce = Math.max(mostAtOnce, some.length);
        yield some;
      }
    }
    await db.transaction(async (tx) => {
      const execute = tx.execute.bind(tx);
      // Each statement stores a batch or looks up its users: what was read before isn't held after it.
      jest.spyOn(tx, 'execute').mockImplementation((query) => {
        held = 0;
        return execute(query);
      });
      const importId = '0e000000-0000-4000-8000-000000000001';
      const input = { orgId, orgUuid, importId, ...layout, isStrict: false };
      expect(await readCsvInto(tx, input, counted())).toMatchObject({ users });
    });
    expect(records).toBe(users + 1);
    expect(mostAtOnce).toBeLessThan(rowsPerBatch);
    expect(mostHeld).toBeLessThanOrEqual(rowsPerBatch + mostAtOnce);
  });

  it('R76 store nothing if the sender disconnects', async () => {
    const { db } = api.database;
    const imports = async () => [await db.$count(csvImport), await db.$count(csvRow)];
    const before = await imports();
    const text = await exportedFile();
    for (let n = 0; n < 25; n += 1) {
      const sending = request(`${address}/csv-imports`, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(text)) },
        agent: false,
      });
      sending.on('error', () => undefined);
      await new Promise((sent) => sending.write(text.slice(0, 200_000), sent));
      await waitFor('the import waits for more', async () => (await arriving()) === 1);
      sending.destroy();
      await waitFor('its file is removed', async () => (await arriving()) === 0);
    }
    expect((await call('csv-imports')).status).toBe(200);
    expect(await imports()).toEqual(before);
  });

  it('R71 are read only as fast as the client reads them, and not at all once it has disconnected', async () => {
    const { db } = api.database;
    const layout = await csvLayout(db, orgId);
    await db.transaction(async (tx) => {
      const queries = jest.spyOn(tx, 'execute');
      const file = usersCsv(tx, { orgId, ...layout, exportedAt: new Date() });
      await once(file, 'readable');
      expect(file.read()).not.toBeNull();
      // While somebody else gets the whole file, a file that is read unasked would go on as far.
      await exportedFile();
      const asked = queries.mock.calls.length;
      expect(asked).toBeLessThanOrEqual(2);
      file.destroy();
      await exportedFile();
      expect(queries.mock.calls.length).toBe(asked);
    });
  });
});

async function* chunksOf(file: Buffer): AsyncGenerator<Buffer> {
  const size = 64 * 1_024;
  for (let at = 0; at < file.length; at += size) {
    yield await Promise.resolve(file.subarray(at, at + size));
  }
}
