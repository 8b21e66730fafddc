import { randomUUID } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { eq } from 'drizzle-orm';
import type { Db } from '../../../src/db/connect';
import { csvRow } from '../../../src/db/schema';
import type { Fault } from '../../../src/api/http/problem';
import { readCell } from '../../../src/domain/csv/cells';
import { licenseIdOf, orgId, personIdOf, seedDirectory, site } from '../../support/api/seed';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { writableUser } from '../../support/writable-mirror';

const user = 'User ID/Email (Required)';
const suite = `Webex Meetings Suite (${site})`;
const attendee = `Attendee (${site})`;

let api: TestApi;
let db: Db;
beforeAll(async () => {
  api = await startTestApi();
  db = api.database.db;
  await seedDirectory(db);
  await db.insert(writableUser).values([
    {
      ...{
        orgId,
        personId: personIdOf(3),
        email: '+cy@acme.example',
        displayName: 'Cy\r\nder;Große',
      },
      ...{
        kind: 'person',
        licenses: [licenseIdOf('EE', site)],
        attendeeSites: [],
        readAt: new Date(),
      },
      ...{ loginEnabled: false },
    },
    {
      ...{ orgId, personId: personIdOf(4), email: 'bot@acme.example', displayName: 'Bot' },
      ...{ kind: 'bot', licenses: [], readAt: new Date() },
    },
  ]);
  await api.call('patch', 'settings', { body: { attendeeSites: [site] } });
});
afterAll(() => api.stop());

const type = { 'Content-Type': 'text/csv' };
const send = (file: string | Buffer, headers: Record<string, string> = {}, path = 'csv-imports') =>
  api.call('post', path, { body: file, headers: { ...type, ...headers } });
const sendStrictly = (file: string | Buffer) => send(file, {}, 'csv-imports?strict=true');

async function exported(): Promise<{ text: string; rows: Record<string, string>[] }> {
  const { text } = await api.call('get', 'users.csv', { as: 'viewer' });
  const rows: Record<string, string>[] = parse(text, { bom: true, columns: true });
  return { text, rows };
}

/** The export with some cells of one user changed. */
async function edited(email: string, cells: Record<string, string>): Promise<string> {
  const { rows } = await exported();
  const all = rows.map((row) => (readCell(row[user]!) === email ? { ...row, ...cells } : row));
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const lines = [Object.keys(all[0]!), ...all.map((row) => Object.values(row))];
  return lines.map((line) => line.map(quote).join()).join('\r\n');
}

async function wishes(importId: string) {
  const rows = await db.select().from(csvRow).where(eq(csvRow.importId, importId));
  return rows.map(({ personId, wish }) => ({ personId, wish }));
}

async function zodFaults(file: string | Buffer) {
  const refused = await sendStrictly(file);
  expect([refused.status, refused.body.code]).toEqual([422, 'invalid-csv']);
  const errors = refused.body.errors as Fault[];
  expect(refused.body.totalErrors).toBe(errors.length);
  return errors.map(({ line, column, code }) => [line, column, code]);
}

describe('users.csv', () => {
  it('R71 has a line for each person and a column for each license, TRUE or FALSE', async () => {
    const { rows } = await exported();
    expect(rows.map((row) => row[user])).toEqual([
      'ada@acme.example',
      'bob@acme.example',
      "'+cy@acme.example",
    ]);
    expect(rows[0]).toMatchObject({
      'Display Name': 'Ada',
      'User Status': 'Active',
      'Basic Messaging': 'TRUE',
      'Advanced Messaging': 'FALSE',
      'Basic Space Meetings': 'FALSE',
      'Advanced Space Meetings': 'FALSE',
      'Call on Webex': 'TRUE',
      [suite]: 'FALSE',
      [attendee]: 'FALSE',
    });
    expect(rows[2]).toMatchObject({ 'User Status': 'Suspended', [suite]: 'TRUE' });
  });

  it('R71 writes no cell that a spreadsheet would run, and all of them come back', async () => {
    const { rows } = await exported();
    expect(rows[1]!['Display Name']).toBe("'=cmd()");
    expect(rows.map((row) => readCell(row['Display Name']!))).toEqual([
      'Ada',
      '=cmd()',
      'Cy\r\nder;Große',
    ]);
    for (const cell of rows.flatMap((row) => Object.values(row)))
      expect(cell).not.toMatch(/^[=+\-@]/);
  });

  it('is a download in UTF-8 with a byte-order mark, and for viewers', async () => {
    const file = await api.call('get', 'users.csv', { as: 'viewer' });
    expect(file.get('Content-Type')).toBe('text/csv; charset=utf-8');
    expect(file.get('Content-Disposition')).toMatch(/^attachment; filename="users-.*\.csv"$/);
    expect(file.text.charCodeAt(0)).toBe(0xfeff);
    expect((await api.call('get', 'users.csv', { as: null })).status).toBe(401);
  });
});

describe('an import', () => {
  it('R71 R74 R77 of an export as it is asks for nothing, and names whom it cannot touch', async () => {
    const { text, rows } = await exported();
    const taken = await send(text);
    expect(taken.status).toBe(201);
    expect(taken.body).toMatchObject({ users: 2, staleUsers: 0, refusedUsers: 1 });
    expect(taken.body.remarks).toMatchObject([
      {
        line: 4,
        column: 'User Status',
        user: '+cy@acme.example',
        code: 'suspended',
        refused: true,
      },
    ]);
    expect(taken.body.columns).toHaveLength(Object.keys(rows[0]!).length - 5);
    expect(Date.parse(taken.body.exportedAt as string)).toBeGreaterThan(Date.now() - 600_000);
    const stored = await wishes(taken.body.importId as string);
    expect(stored.map(({ wish }) => wish.cells)).toEqual([[], []]);
  });

  it('R72 says what to post to rollouts, in both modes, and that plans', async () => {
    const taken = await send(await edited('ada@acme.example', { 'Advanced Messaging': 'TRUE' }));
    const { importId, rolloutBodies, links } = taken.body;
    expect(taken.get('Location')).toBe(links.self);
    for (const [key, mode] of [
      ['add', 'add'],
      ['addAndRemove', 'add-and-remove'],
    ] as const) {
      expect(rolloutBodies[key]).toEqual({ change: { kind: 'csv', importId, mode } });
      const planned = await api.call('post', links.rollouts as string, {
        body: rolloutBodies[key],
      });
      expect([planned.status, planned.body.request.change]).toEqual([
        202,
        { kind: 'csv', importId, mode },
      ]);
    }
    expect(await wishes(importId as string)).toMatchObject([
      { personId: personIdOf(1), wish: { line: 2, cells: [{ offer: 'MS', granted: true }] } },
      { personId: personIdOf(2), wish: { line: 3, cells: [] } },
    ]);
  });

  it('R72 of nothing that is there is an unknown reference in a rollout', async () => {
    const change = { kind: 'csv', importId: randomUUID(), mode: 'add' };
    const refused = await api.call('post', 'rollouts', { body: { change } });
    expect([refused.status, refused.body.code]).toEqual([422, 'unknown-reference']);
    expect(refused.body.errors).toMatchObject([{ pointer: '/change/importId' }]);
  });

  it.each<[string, string | Buffer]>([
    ['commas', `${user},Call on Webex\nada@acme.example,FALSE\n`],
    ['semicolons and CRLF', `${user};Call on Webex\r\nada@acme.example;FALSE\r\n`],
    ['tabs', `${user}\tCall on Webex\nada@acme.example\tFALSE`],
    ['a byte-order mark', `\ufeff${user},Call on Webex\nada@acme.example,FALSE\n`],
    ['sep=', `sep=;\r\n${user};Call on Webex\r\nada@acme.example;FALSE\r\n`],
    ['lone carriage returns', `${user},Call on Webex\rada@acme.example,FALSE\r`],
    ['quoted cells', `"${user}","Call on Webex"\n"ada@acme.example","FALSE"\n`],
    ['any case', `${user.toUpperCase()},CALL ON WEBEX\nADA@Acme.Example,false\n`],
    ['another language', `${user};Call on Webex\r\nada@acme.example;FALSCH\r\n`],
    [
      'empty lines and surplus delimiters',
      `\n\n${user},Call on Webex,,\n,,,\nada@acme.example,FALSE,,\n,,,\n\n`,
    ],
    ['an id', `${user},Call on Webex\n${personIdOf(1)},FALSE\n`],
    ['a raw UUID', `${user},Call on Webex\n0b000000-0000-4000-8000-000000000001,FALSE\n`],
    ['1 and 0', `${user},Call on Webex,Basic Messaging\nada@acme.example,0,\n`],
    [
      'UTF-16, big-endian',
      Buffer.from(
        `\ufeff${user}\tCall on Webex\r\nada@acme.example\tFALSE\r\n`,
        'utf16le',
      ).swap16(),
    ],
    [
      'UTF-16',
      Buffer.from(`\ufeff${user}\tCall on Webex\r\nada@acme.example\tFALSE\r\n`, 'utf16le'),
    ],
  ])('R71 R73 is read from any writer: %s', async (_, file) => {
    const taken = await send(file);
    expect(taken.body).toMatchObject({ users: 1, remarks: [], exportedAt: null });
    expect(await wishes(taken.body.importId as string)).toMatchObject([
      { personId: personIdOf(1), wish: { cells: [{ offer: 'FTC', granted: false }] } },
    ]);
  });

  it('R77 leaves out the lines of users who are not there, by name, and accepts the others', async () => {
    const gone = personIdOf(2);
    await db
      .update(writableUser)
      .set({ goneAt: new Date() })
      .where(eq(writableUser.personId, gone));
    const taken = await send(
      [
        `${user},Call on Webex`,
        'ghost@acme.example,FALSE',
        'bob@acme.example,FALSE',
        'ada\u200b@acme.example,FALSE',
        'ada@acme.example,FALSE',
      ].join('\n'),
    );
    await db.update(writableUser).set({ goneAt: null }).where(eq(writableUser.personId, gone));
    expect(taken.body).toMatchObject({ users: 1, staleUsers: 0, refusedUsers: 3 });
    expect(taken.body.remarks).toMatchObject([
      { line: 2, user: 'ghost@acme.example', code: 'unknown-user', refused: true },
      { line: 3, user: 'bob@acme.example', code: 'unknown-user' },
      {
        line: 4,
        detail: expect.stringContaining('an invisible character (U+200B) after "ada"'),
      },
    ]);
    const { importId } = taken.body as { importId: string };
    expect(await wishes(importId)).toMatchObject([{ personId: personIdOf(1) }]);
  });

  it('R77 leaves out users whom no database could store, with what can be shown of them', async () => {
    const grin = '\u{1f600}';
    const names = [
      'a\u0000b@acme.example',
      `${'x'.repeat(79)}${grin}@acme.example`,
      `${'x'.repeat(199)}${grin}@acme.example`,
      `${'x'.repeat(500_000)}@acme.example`,
    ];
    const lines = names.map((name) => `${name},TRUE\n`).join('');
    const taken = await send(`${user},Call on Webex\n${lines}`);
    expect(taken.body).toMatchObject({ users: 0, refusedUsers: 4 });
    expect(taken.body.remarks).toMatchObject([
      { user: 'a\ufffdb@acme.example', code: 'unknown-user' },
      { detail: `There is no user "${'x'.repeat(79)}…".` },
      { user: 'x'.repeat(199) },
      { user: 'x'.repeat(200) },
    ]);
  });

  it('R73 finds users by any of their addresses, in any case, whatever the database thinks of case', async () => {
    const isAda = eq(writableUser.personId, personIdOf(1));
    const addresses = ['ada@acme.example', '\u00e4nne@acme.example'];
    await db.update(writableUser).set({ addresses }).where(isAda);
    for (const address of ['\u00c4NNE@Acme.Example', 'A\u0308nne@acme.example']) {
      const taken = await send(`${user},Call on Webex\n${address},FALSE\n`);
      expect(taken.body).toMatchObject({ users: 1, refusedUsers: 0 });
      const found = await api.call('get', `users?q=${encodeURIComponent(address)}`);
      expect(found.body.items).toMatchObject([{ personId: personIdOf(1) }]);
    }
    await db.update(writableUser).set({ addresses: [] }).where(isAda);
  });

  it('R76 accepts at most 20,000 empty lines', async () => {
    const refused = await send(`${user}\n${'\n'.repeat(20_001)}`);
    expect(refused.body).toMatchObject({
      code: 'invalid-csv',
      errors: [{ code: 'too-many-lines' }],
    });
    const before = await send('\n'.repeat(1_000_000));
    expect(before.body).toMatchObject({ errors: [{ line: 20_001, code: 'too-many-lines' }] });
  });

  it('R77 refuses users who have changed since the export, by name, and accepts the others', async () => {
    const file = await edited('bob@acme.example', { 'Advanced Messaging': 'TRUE' });
    const licenses = [licenseIdOf('FMS'), licenseIdOf('FTC'), licenseIdOf('MS')].sort();
    const isAda = eq(writableUser.personId, personIdOf(1));
    const [before] = await db.select().from(writableUser).where(isAda);
    await db.update(writableUser).set({ licenses }).where(isAda);
    const taken = await send(file);
    await db.update(writableUser).set({ licenses: before!.licenses }).where(isAda);
    expect(taken.body).toMatchObject({ users: 1, staleUsers: 1, refusedUsers: 2 });
    expect(taken.body.remarks[0]).toMatchObject({
      line: 2,
      user: 'ada@acme.example',
      code: 'stale',
    });
    expect((await wishes(taken.body.importId as string)).map(({ personId }) => personId)).toEqual([
      personIdOf(2),
    ]);
  });

  it('R77 R80a believes the answer to a write more than an older read', async () => {
    const isAda = eq(writableUser.personId, personIdOf(1));
    const answered = {
      licenses: [licenseIdOf('FMS'), licenseIdOf('MS')],
      attendeeSites: [site],
    };
    await db.update(writableUser).set({ answered, answeredAt: new Date() }).where(isAda);
    const { text, rows } = await exported();
    expect(rows[0]).toMatchObject({ 'Advanced Messaging': 'TRUE', [attendee]: 'TRUE' });
    expect((await send(text)).body.staleUsers).toBe(0);
    await db.update(writableUser).set({ answered: null, answeredAt: null }).where(isAda);
    expect((await send(text)).body.staleUsers).toBe(1);
  });

  it('R73 R74 refuses a line that would rename somebody, with its number', async () => {
    const taken = await send(await edited('ada@acme.example', { 'Display Name': 'Augusta' }));
    expect(taken.body.remarks[0]).toMatchObject({
      line: 2,
      column: 'Display Name',
      code: 'read-only',
    });
    expect(taken.body.users).toBe(1);
  });

  it('R54 R71 R73 lists every fault with line and column, all at once, and keeps nothing', async () => {
    const before = await db.$count(csvRow);
    const file = [
      `${user},Basic Messaging,Advanced Messaging,Call on Webex,Colour,Attendee (nowhere.webex.com)`,
      'ada@acme.example,FALSE,TRUE,maybe,,',
      'ghost@acme.example,TRUE,,,,',
      '"bob@acme.example","TRUE","',
      '",,,',
      'BOB@acme.example,TRUE,TRUE,,,',
      ',TRUE,,,,',
      'bot@acme.example,,,,,',
      'a\u0000b@acme.example,,,,,',
      `${personIdOf(1)},,,,,`,
      'ada@acme.example',
      '',
      'nobody,,,,,',
    ].join('\n');
    expect(await zodFaults(file)).toEqual([
      [1, 'Colour', 'unknown-column'],
      [1, 'Attendee (nowhere.webex.com)', 'unknown-attendee-site'],
      [2, 'Call on Webex', 'bad-cell'],
      [2, 'Advanced Messaging', 'needs-basic-messaging'],
      [3, null, 'unknown-user'],
      [6, null, 'duplicate-user'],
      [7, null, 'missing-user'],
      [8, null, 'unknown-user'],
      [9, null, 'unknown-user'],
      [10, null, 'duplicate-user'],
      [11, null, 'wrong-cell-count'],
      [11, null, 'duplicate-user'],
      [13, null, 'unknown-user'],
    ]);
    expect(await db.$count(csvRow)).toBe(before);
  });

  it.each<[string, string | Buffer, [number, string | null, string]]>([
    ['nothing', '', [1, null, 'empty-file']],
    ['only blanks', '\n \n', [1, null, 'empty-file']],
    ['no user column', 'Call on Webex\nTRUE\n', [1, null, 'missing-column']],
    ['JSON', '{"change":1}', [1, null, 'malformed-csv']],
    ['an open quote', `${user}\n"ada@acme.example\n\n`, [2, null, 'malformed-csv']],
    ['a stray quote', `${user}\nada@acme.example\nb"o"b\n`, [3, null, 'malformed-csv']],
    [
      'Latin-1',
      Buffer.from(`${user}\nGro\u00dfe@acme.example\n`, 'latin1'),
      [2, null, 'not-utf-8'],
    ],
  ])('R71 that is %s is refused', async (_, file, fault) => {
    const [first] = await zodFaults(file);
    expect(first).toEqual(fault);
  });

  it('R71 lists what is wrong before the line that cannot be read', async () => {
    const file = `${user}\nghost@acme.example\n"ada@acme.example\n\n`;
    expect(await zodFaults(file)).toEqual([
      [2, null, 'unknown-user'],
      [3, null, 'malformed-csv'],
    ]);
  });

  it('R76 accepts at most 20,000 users', async () => {
    const rows = Array.from({ length: 20_001 }, (_, n) => `nobody${n}@acme.example`);
    const refused = await sendStrictly([user, ...rows].join('\n'));
    expect([refused.status, refused.body.totalErrors]).toEqual([422, 20_001]);
    expect(refused.body.errors).toHaveLength(100);
    expect(refused.body.detail).toBe(
      'Nothing of the file was stored: the first 100 of its 20,001 faults are listed.',
    );
    const most = await sendStrictly([user, ...rows.slice(0, -1), ''].join('\n'));
    expect(most.body.totalErrors).toBe(20_000);
  });

  it('refuses a file that is too large and any other type', async () => {
    const large = await send('x'.repeat(33 * 1_024 * 1_024)).catch((error: unknown) => error);
    // The connection may be closed before all of it was sent.
    if (!(large instanceof Error)) expect(large).toMatchObject({ status: 413 });
    for (const [headers, detail] of [
      [{ 'Content-Type': 'application/json' }, 'Send the file with "Content-Type: text/csv".'],
      [
        { 'Content-Type': 'text/csv; charset=iso-8859-1' },
        'The charset "iso-8859-1" is not supported: send UTF-8, or UTF-16 with a byte-order mark.',
      ],
      [{ 'Content-Encoding': 'gzip' }, 'Send the file uncompressed, without "Content-Encoding".'],
    ] as const) {
      const refused = await send(`${user}\n`, headers);
      expect([refused.status, refused.body.code]).toEqual([415, 'unsupported-media-type']);
      expect(refused.body.detail).toBe(detail);
    }
  });

  it('R76 is taken once for a key, and the key is of one file', async () => {
    const key = { 'Idempotency-Key': randomUUID() };
    const file = `${user},Call on Webex\nada@acme.example,FALSE\n`;
    const [one, two] = await Promise.all([send(file, key), send(file, key)]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(two.body).toEqual(one.body);
    const again = await send(file, key);
    expect([again.get('Idempotent-Replayed'), again.body]).toEqual(['true', one.body]);
    const other = await send(`${file}bob@acme.example,TRUE\n`, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('needs an operator, and leaves an audit event', async () => {
    const file = `${user}\nada@acme.example\n`;
    const viewer = await api.call('post', 'csv-imports', {
      as: 'viewer',
      body: file,
      headers: type,
    });
    expect(viewer.status).toBe(403);
    const taken = await api.call('post', 'csv-imports', {
      as: 'operator',
      body: file,
      headers: type,
    });
    const target = `csv-imports/${taken.body.importId as string}`;
    const { body } = await api.call('get', `audit-events?target=${encodeURIComponent(target)}`);
    expect(body.items).toMatchObject([{ action: 'csv-import.created', details: { users: 1 } }]);
  });

  it('can be looked at again, and all of them are listed, newest first', async () => {
    const taken = await send(`${user}\nada@acme.example\n`);
    const { importId } = taken.body as { importId: string };
    const one = await api.call('get', `csv-imports/${importId}`, { as: 'viewer' });
    expect(one.body).toEqual(taken.body);
    const seen: string[] = [];
    let path = 'csv-imports?limit=7';
    for (let next: string | null = ''; next !== null;) {
      const { body } = await api.call('get', path, { as: 'viewer' });
      seen.push(...(body.items as { importId: string }[]).map((item) => item.importId));
      next = body.next as string | null;
      path = `csv-imports?limit=7&cursor=${next ?? ''}`;
    }
    expect(seen[0]).toBe(importId);
    expect(new Set(seen).size).toBe(seen.length);
    expect((await api.call('get', 'csv-imports/nope')).status).toBe(404);
    expect((await api.call('get', `csv-imports/${randomUUID()}`)).status).toBe(404);
  });
});
