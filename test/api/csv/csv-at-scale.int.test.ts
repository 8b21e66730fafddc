import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { csvLayout } from '../../../src/api/csv/layout';
import { usersCsv } from '../../../src/api/csv/users-csv';
import { csvImport, csvRow } from '../../../src/db/schema';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { licenseIdOf, orgId, seedDirectory } from '../../support/api/seed';

const mebibyte = 1_024 * 1_024;
const users = 20_000;
const token = 'measure-token';

let database: TestDatabase;
let child: ChildProcess;
let address: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedDirectory(database.db);
  const entry = path.join(__dirname, '../../support/api/csv-process.ts');
  child = fork(entry, [database.url, token], { execArgv: ['--expose-gc', '-r', 'tsx/cjs'] });
  const { port } = await answer<{ port: number }>();
  address = `http://127.0.0.1:${port}/v1/organizations/${orgId}`;
  await warmUp();
  await database.db.$client.query(
    `INSERT INTO directory_license (org_id, license_id, offer, name, total_units, read_at)
     SELECT $1, 'license-' || n, 'X' || n, 'A license of some name ' || n, 1000, now()
     FROM generate_series(1, 20) n`,
    [orgId],
  );
  await database.db.$client.query(
    `INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, read_at)
     SELECT $1, 'person-' || n, 'somebody.of.some.name.' || n || '@acme.example', 'Somebody ' || n,
       'person', $2::jsonb, now() FROM generate_series(1, $3) n`,
    [orgId, JSON.stringify([licenseIdOf('FMS'), licenseIdOf('FTM'), 'license-1']), users - 2],
  );
});
afterAll(async () => {
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
  await database.drop();
});

async function answer<T>(): Promise<T> {
  const [told] = (await once(child, 'message')) as [T];
  return told;
}

async function rssBytes(asked: 'begin' | 'peak'): Promise<number> {
  const told = answer<{ rssBytes: number }>();
  child.send(asked);
  return (await told).rssBytes;
}

function call(pathname: string, body?: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'text/csv' };
  return fetch(
    `${address}/${pathname}`,
    body === undefined ? { headers } : { method: 'POST', headers, body },
  );
}

/** Code, statements and connections are there once; they are no part of what a file takes. */
async function warmUp(): Promise<void> {
  for (let n = 0; n < 3; n += 1) {
    const file = await (await call('users.csv')).text();
    expect((await call('csv-imports', file)).status).toBe(201);
  }
}

describe(`files of ${users} users`, () => {
  it('R76 take less than 64 MiB, out and in', async () => {
    const before = await rssBytes('begin');
    const text = await (await call('users.csv')).text();
    const lines = text.split('\r\n').filter(Boolean);
    expect(lines).toHaveLength(users + 1);
    const exporting = (await rssBytes('peak')) - before;

    const edited = [
      lines[0],
      ...lines.slice(1).map((line) => line.replace(/,FALSE,/, ',TRUE,')),
    ].join('\r\n');
    const start = await rssBytes('begin');
    const taken = await call('csv-imports', edited);
    expect(taken.status).toBe(201);
    const body = (await taken.json()) as { users: number };
    expect(body.users).toBe(users);
    const importing = (await rssBytes('peak')) - start;
    expect(exporting / mebibyte).toBeLessThan(64);
    expect(importing / mebibyte).toBeLessThan(64);
  });

  it('R76 leave nothing where the sender goes away in the middle', async () => {
    const imports = async () => [
      await database.db.$count(csvImport),
      await database.db.$count(csvRow),
    ];
    const before = await imports();
    const text = await (await call('users.csv')).text();
    for (let n = 0; n < 25; n += 1) {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'text/csv',
        'content-length': String(Buffer.byteLength(text)),
      };
      const sending = request(`${address}/csv-imports`, { method: 'POST', headers, agent: false });
      sending.on('error', () => undefined);
      await new Promise((sent) => sending.write(text.slice(0, 200_000), sent));
      await delay(50);
      sending.destroy();
    }
    // More than the pool has connections: each was given back.
    expect((await call('csv-imports')).status).toBe(200);
    expect(await imports()).toEqual(before);
  });

  it('R71 are read no faster than their reader takes them, and not at all when it has gone', async () => {
    const { db } = database;
    const layout = await csvLayout(db, orgId);
    const queries = jest.spyOn(db, 'execute');
    const file = usersCsv(db, { orgId, ...layout, exportedAt: new Date() });
    await once(file, 'readable');
    expect(file.read()).not.toBeNull();
    // Whoever reads on without being asked has all the time to be found out.
    await delay(3_000);
    const asked = queries.mock.calls.length;
    expect(asked).toBeLessThanOrEqual(2);
    file.destroy();
    await delay(1_000);
    expect(queries.mock.calls.length).toBe(asked);
    queries.mockRestore();
  });
});
