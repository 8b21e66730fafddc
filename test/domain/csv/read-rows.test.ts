import { parse } from 'csv-parse/sync';
import { checkRow } from '../../../src/domain/csv/check-line';
import { csvColumns } from '../../../src/domain/csv/columns';
import { readHeader } from '../../../src/domain/csv/read-header';
import { isEmptyLine, readRow } from '../../../src/domain/csv/read-row';
import { createStamps, holdingsDigest } from '../../../src/domain/csv/stamp';
import {
  createUserLines,
  heldBy,
  licenseKinds,
  type CsvUser,
} from '../../../src/domain/csv/user-line';
import { licenseId, siteA, someLicenses, someSettings } from '../builders';

const orgId = 'org';
const licenses = someLicenses();
const columns = csvColumns({ licenses, attendeeSites: someSettings().attendeeSites });
const kindOf = licenseKinds(licenses);
const host = `Webex Meetings Suite (${siteA})`;
const attendee = `Attendee (${siteA})`;

function aCsvUser(
  given: Partial<CsvUser> & { holds?: string[]; attends?: string[] } = {},
): CsvUser {
  const { holds = [], attends = [], ...user } = given;
  return {
    personId: 'ada',
    email: 'ada@acme.com',
    addresses: ['ada@acme.com'],
    displayName: 'Ada',
    isSuspended: false,
    phoneNumber: null,
    holdings: { licenses: holds.map(licenseId), attendeeSites: attends },
    ...user,
  };
}

/** What a line with these cells comes to. */
function take(cells: Record<string, string>, user = aCsvUser()) {
  const named = { 'User ID/Email (Required)': 'ada@acme.com', ...cells };
  const header = readHeader({ line: 1, cells: Object.keys(named) }, columns);
  expect(header.faults).toEqual([]);
  const row = readRow({ line: 7, cells: Object.values(named) }, header.columns);
  const { personId, holdings } = user;
  const digest = holdingsDigest({ orgId, personId, holdings });
  return checkRow({ row, user, held: heldBy(holdings, kindOf), digest });
}

const codes = (list: readonly { line: number; column: string | null; code: string }[]) =>
  list.map(({ line, column, code }) => [line, column, code]);

describe('a line', () => {
  it('R71 R72 R73 asks for what its cells say, and for nothing else', () => {
    const { wish, faults, remarks } = take({
      'Basic Messaging': 'TRUE',
      'Advanced Messaging': 'False',
      [host]: '',
      [attendee]: 'true',
    });
    expect([faults, remarks]).toEqual([[], []]);
    expect(wish).toEqual({
      line: 7,
      cells: [
        { kind: 'license', offer: 'FMS', site: null, granted: true },
        { kind: 'license', offer: 'MS', site: null, granted: false },
        { kind: 'attendee', offer: 'attendee', site: siteA, granted: true },
      ],
    });
  });

  it.each([
    ['bad-cell', 'Basic Messaging', 'yes'],
    ['bad-cell', attendee, '2'],
    ['bad-stamp', 'Seatwise Stamp', 'mine'],
  ])('R71 R77 has the fault %s where %s says %s', (code, column, cell) => {
    expect(codes(take({ [column]: cell }).faults)).toEqual([[7, column, code]]);
  });

  it.each(['Advanced Messaging', 'Basic Space Meetings', 'Advanced Space Meetings'])(
    'R54 can not say Basic Messaging FALSE and %s TRUE',
    (column) => {
      const { faults, wish } = take({ 'Basic Messaging': 'FALSE', [column]: 'TRUE' });
      expect([codes(faults), wish]).toEqual([[[7, column, 'needs-basic-messaging']], null]);
    },
  );

  it('R54 has every fault of this kind at once', () => {
    const { faults } = take({
      'Basic Messaging': 'FALSE',
      'Advanced Messaging': 'TRUE',
      'Advanced Space Meetings': 'TRUE',
      'Call on Webex': 'perhaps',
    });
    expect(codes(faults)).toHaveLength(3);
  });

  it('R55 can not say Advanced Space Meetings TRUE and Basic Space Meetings FALSE', () => {
    const { faults } = take({ 'Basic Space Meetings': 'FALSE', 'Advanced Space Meetings': 'TRUE' });
    expect(codes(faults)).toEqual([[7, 'Advanced Space Meetings', 'needs-basic-space-meetings']]);
  });

  it.each<[string, string[], Record<string, string>, boolean]>([
    ['given alone', [], { 'Basic Space Meetings': 'TRUE' }, true],
    ['given alone to who has messaging', ['FMS'], { 'Basic Space Meetings': 'TRUE' }, true],
    [
      'given with messaging',
      [],
      { 'Basic Messaging': 'TRUE', 'Basic Space Meetings': 'TRUE' },
      false,
    ],
    ['taken alone', ['FMS', 'FTM'], { 'Basic Space Meetings': 'FALSE' }, true],
    [
      'taken beside messaging',
      ['FMS', 'FTM'],
      { 'Basic Messaging': 'TRUE', 'Basic Space Meetings': 'FALSE' },
      true,
    ],
    [
      'taken with messaging',
      ['FMS', 'FTM'],
      { 'Basic Messaging': 'FALSE', 'Basic Space Meetings': 'FALSE' },
      false,
    ],
    [
      'left off as it is',
      ['FMS'],
      { 'Basic Messaging': 'TRUE', 'Basic Space Meetings': 'FALSE' },
      false,
    ],
    ['left on as it is', ['FMS', 'FTM'], { 'Basic Space Meetings': 'TRUE' }, false],
  ])('R56 Basic Space Meetings %s', (_, holds, cells, isFault) => {
    const { faults } = take(cells, aCsvUser({ holds }));
    expect(codes(faults)).toEqual(isFault ? [[7, 'Basic Space Meetings', 'not-alone']] : []);
  });

  it.each<[string, string[], Record<string, string>, boolean]>([
    ['both TRUE', [], { [host]: 'TRUE', [attendee]: 'TRUE' }, true],
    [
      'attendee for a host whose license no cell takes',
      [`EE@${siteA}`],
      { [attendee]: 'TRUE' },
      true,
    ],
    [
      'attendee in the place of host',
      [`EE@${siteA}`],
      { [host]: 'FALSE', [attendee]: 'TRUE' },
      false,
    ],
    ['host in the place of attendee', [], { [host]: 'TRUE', [attendee]: 'FALSE' }, false],
  ])('R35 R40a host and attendee: %s', (_, holds, cells, isFault) => {
    const { faults } = take(cells, aCsvUser({ holds }));
    expect(codes(faults)).toEqual(isFault ? [[7, attendee, 'host-and-attendee']] : []);
  });

  it.each([
    ['Display Name', 'Augusta', 'read-only'],
    ['User Status', 'Suspended', 'suspended'],
    ['User Status', 'suspended', 'suspended'],
    ['User Status', 'Verified', 'read-only'],
    ['Phone Number', '+4930999', 'read-only'],
  ])('R74 is refused where %s says %s', (column, cell, code) => {
    const user = aCsvUser({ phoneNumber: '+4930111' });
    const { wish, remarks, faults } = take({ 'Call on Webex': 'TRUE', [column]: cell }, user);
    expect([wish, faults]).toEqual([null, []]);
    expect(remarks).toMatchObject([{ line: 7, column, user: 'ada@acme.com', code, refused: true }]);
  });

  it('R74 accepts read-only columns that are empty or as in the directory', () => {
    const user = aCsvUser({ displayName: '=Ada()', phoneNumber: '+4930111' });
    const cells = {
      'Display Name': "'=Ada()",
      'User Status': 'active',
      'Phone Number': "'+4930111",
    };
    expect(take(cells, user)).toMatchObject({ remarks: [], wish: { cells: [] } });
    const empty = { 'Display Name': '', 'User Status': '', 'Phone Number': '' };
    expect(take(empty, user)).toMatchObject({ remarks: [], wish: { cells: [] } });
  });

  it('R78 reports a number without its +, and guesses nothing', () => {
    const user = aCsvUser({ phoneNumber: '+4930111' });
    const { wish, remarks } = take({ 'Phone Number': '4930111', 'Call on Webex': 'TRUE' }, user);
    expect(wish).toBeNull();
    expect(remarks).toMatchObject([
      { line: 7, column: 'Phone Number', code: 'phone-without-plus', refused: true },
    ]);
  });

  it('R78 reports a number that lacks the + of the directory, and reads on', () => {
    const user = aCsvUser({ phoneNumber: '030 111' });
    const { wish, remarks } = take({ 'Phone Number': '030 111', 'Call on Webex': 'TRUE' }, user);
    expect(wish?.cells).toHaveLength(1);
    expect(remarks).toMatchObject([{ code: 'phone-without-plus', refused: false }]);
  });

  it.each<[string, string[], string[]]>([
    ['a license came', ['FMS', 'MS'], []],
    ['a license went', [], []],
    ['an attendee account came', ['FMS'], [siteA]],
  ])('R77 is refused as stale, by name, where since the export %s', (_, holds, attends) => {
    const { personId, holdings } = aCsvUser({ holds: ['FMS'] });
    const stamp = createStamps({ orgId, exportedAt: new Date(0) })({ personId, holdings });
    const cells = { 'Call on Webex': 'TRUE', 'Seatwise Stamp': stamp };
    const { wish, remarks } = take(cells, aCsvUser({ holds, attends }));
    expect(wish).toBeNull();
    expect(remarks).toMatchObject([
      { line: 7, user: 'ada@acme.com', code: 'stale', refused: true },
    ]);
    expect(remarks[0]!.detail).toContain('1970-01-01T00:00:00.000Z');
  });

  it('R77 carries its stamp on to planning, and names only what it changes', () => {
    const user = aCsvUser({ holds: ['FMS', 'FTM'] });
    const { personId, holdings } = user;
    const exportedAt = new Date(0);
    const stamp = createStamps({ orgId, exportedAt })({ personId, holdings });
    const cells = { 'Basic Messaging': 'TRUE', 'Call on Webex': 'TRUE', 'Seatwise Stamp': stamp };
    expect(take(cells, user).wish).toEqual({
      line: 7,
      cells: [{ kind: 'license', offer: 'FTC', site: null, granted: true }],
      stamp: holdingsDigest({ orgId, personId, holdings }),
    });
  });

  it('R73 is nothing where all its cells are empty, as spreadsheets leave them', () => {
    expect(isEmptyLine({ line: 9, cells: ['', ' ', ''] })).toBe(true);
    expect(isEmptyLine({ line: 9, cells: [''] })).toBe(true);
    expect(isEmptyLine({ line: 9, cells: ['', 'a'] })).toBe(false);
  });

  it.each([[['ada@acme.com']], [[...columns.map(() => ''), 'ada', 'more']]])(
    'R71 has a fault where it is shorter or longer than the first line',
    (cells) => {
      const row = readRow({ line: 9, cells: cells }, columns);
      expect(codes(row.faults)).toEqual([[9, null, 'wrong-cell-count']]);
    },
  );
});

describe('a character that nobody sees', () => {
  const sentence = /It has an invisible character \((U\+[0-9A-F]+)\) (.*): remove that\.$/;
  const named = (detail: string) => sentence.exec(detail)?.slice(1);

  it.each([
    ['Call on Webex', 'FALSE\u200b', ['U+200B', 'after "FALSE"']],
    ['Call on Webex', '\u200bTRUE', ['U+200B', 'at its beginning']],
    ['Call on Webex', 'TR\u00a0UE', ['U+00A0', 'after "TR"']],
    ['Seatwise Stamp', 'v1_\ufeff2026', ['U+FEFF', 'after "v1_"']],
  ])('R71 R77 is named in the fault of %s', (column, cell, expected) => {
    const { faults } = take({ [column]: cell });
    expect(faults.map(({ detail }) => named(detail))).toEqual([expected]);
  });

  it.each(['Display Name', 'User Status', 'Phone Number'])(
    'R74 is named in the remark about %s',
    (column) => {
      const user = aCsvUser({ phoneNumber: '+4930111' });
      const { remarks } = take({ [column]: '+\u200bA' }, user);
      expect(remarks.map(({ detail }) => named(detail))).toEqual([['U+200B', 'after "+"']]);
    },
  );

  it('R71 is named in the fault of a header, and is not taken for one that is unknown', () => {
    const cells = [
      'User ID/Email (Required)',
      'Call on\u200b Webex',
      'Attendee (a\u00adb.com)',
      'X',
    ];
    const { faults } = readHeader({ line: 1, cells }, columns);
    expect(faults.map(({ code, detail }) => [code, named(detail)])).toEqual([
      ['unknown-column', ['U+200B', 'after "Call on"']],
      ['unknown-attendee-site', ['U+00AD', 'after "Attendee (a"']],
      ['unknown-column', undefined],
    ]);
  });
});

describe('a header with a fault', () => {
  it('R71 is one fault, and the cells below it are none', () => {
    const cells = ['User ID/Email (Required)', 'Colour', 'Call on Webex', 'call on webex', ''];
    const header = readHeader({ line: 1, cells }, columns);
    expect(codes(header.faults)).toEqual([
      [1, 'Colour', 'unknown-column'],
      [1, 'Call on Webex', 'duplicate-column'],
    ]);
    const rest = (last: string) => ['ada@acme.com', 'red', 'TRUE', 'perhaps', last];
    expect(readRow({ line: 2, cells: rest('') }, header.columns).faults).toEqual([]);
    const stray = readRow({ line: 3, cells: rest('note') }, header.columns);
    expect(codes(stray.faults)).toEqual([[3, null, 'unknown-column']]);
  });

  it('is quoted by its beginning', () => {
    const cells = ['User ID/Email (Required)', 'x'.repeat(100_000)];
    const [fault] = readHeader({ line: 1, cells }, columns).faults;
    expect(fault!.column).toHaveLength(200);
    expect(fault!.detail.length).toBeLessThan(200);
  });
});

describe('an exported line', () => {
  const exported = (user: CsvUser) => {
    const line = createUserLines({ orgId, columns, kindOf, exportedAt: new Date() })(user);
    const [cells] = parse(line) as unknown as [string[]];
    return Object.fromEntries(columns.map(({ header }, i) => [header, cells[i]!]));
  };

  it('R71 says TRUE for what is held, from whatever subscription, and FALSE for the rest', () => {
    const user = aCsvUser({ holds: ['FMS', 'EE@' + siteA + '#2'], attends: [] });
    const cells = exported(user);
    expect(cells).toMatchObject({ 'Basic Messaging': 'TRUE', 'Advanced Messaging': 'FALSE' });
    expect(cells).toMatchObject({ [host]: 'TRUE', [attendee]: 'FALSE', 'User Status': 'Active' });
  });

  it('R35 R71 says host and not attendee where both are seen', () => {
    const cells = exported(aCsvUser({ holds: [`EE@${siteA}`], attends: [siteA] }));
    expect(cells).toMatchObject({ [host]: 'TRUE', [attendee]: 'FALSE' });
  });

  it.each<[string, Parameters<typeof aCsvUser>[0]]>([
    ['nothing held', {}],
    ['messaging without FTM', { holds: ['FMS'] }],
    ['a suite and an attendee account', { holds: ['FMS', 'FTM', `EE@${siteA}`], attends: [siteA] }],
    ['a name like a formula', { displayName: '=cmd()', phoneNumber: '+49' }],
  ])('R77 read back as it is changes nothing: %s', (_, given) => {
    const user = aCsvUser(given);
    const { wish, remarks, faults } = take(exported(user), user);
    expect([remarks, faults, wish?.cells]).toEqual([[], [], []]);
  });

  it('R74 of a suspended user is marked, and refused when it comes back', () => {
    const user = aCsvUser({ isSuspended: true });
    expect(exported(user)['User Status']).toBe('Suspended');
    expect(take(exported(user), user).remarks).toMatchObject([{ code: 'suspended' }]);
  });
});
