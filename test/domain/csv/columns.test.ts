import fc from 'fast-check';
import { columnFinder, csvColumns, type CsvColumn } from '../../../src/domain/csv/columns';
import { readHeader } from '../../../src/domain/csv/read-header';

const site = 'acme.webex.com';
const some = csvColumns({
  licenses: [
    { offer: 'FTC', site: null, name: 'Call on Webex' },
    { offer: 'EE', site: 'Acme.Webex.com', name: 'Suite of May' },
    { offer: 'EE', site, name: 'Suite of June' },
    { offer: 'XYZ', site: null, name: 'Video mesh' },
    { offer: 'ABC', site: null, name: 'Video mesh' },
  ],
  attendeeSites: [site],
});
const headers = (columns: readonly CsvColumn[]) => columns.map(({ header }) => header);

describe('csvColumns', () => {
  it('R71 has the five services by name, every other license once, and attendee accounts', () => {
    expect(headers(some)).toEqual([
      'User ID/Email (Required)',
      'Display Name',
      'User Status',
      'Phone Number',
      'Basic Messaging',
      'Advanced Messaging',
      'Basic Space Meetings',
      'Advanced Space Meetings',
      'Call on Webex',
      'Video mesh [ABC]',
      'Video mesh [XYZ]',
      'Webex Meetings Suite (acme.webex.com)',
      'Attendee (acme.webex.com)',
      'Seatwise Stamp',
    ]);
  });

  it('R71 R44 has one column for an offer and site, whatever the subscriptions and their order', () => {
    const license = fc.record({
      offer: fc.constantFrom('FMS', 'MS', 'EE', 'MC', 'Q1', 'Q2', 'ATTENDEE'),
      site: fc.constantFrom(null, 'a.webex.com', 'B.webex.com'),
      name: fc.constantFrom('Attendee', 'One', 'Basic Messaging', '=1+1', 'Other'),
    });
    fc.assert(
      fc.property(
        fc.array(license),
        fc.array(fc.constantFrom('a.webex.com', 'b.webex.com')),
        (licenses, attendeeSites) => {
          const columns = csvColumns({ licenses, attendeeSites });
          const unique = new Set(headers(columns).map((header) => header.toLowerCase()));
          expect(unique.size).toBe(columns.length);
          const kinds = columns.filter(({ kind }) => kind === 'license');
          const offers = licenses.map((one) => `${one.offer}@${one.site?.toLowerCase() ?? ''}`);
          const five = ['FMS@', 'MS@', 'FTM@', 'CF@', 'FTC@'];
          expect(kinds).toHaveLength(new Set([...offers, ...five]).size);
          const reversed = csvColumns({ licenses: [...licenses].reverse(), attendeeSites });
          expect(reversed).toEqual(columns);
          const { faults, columns: read } = readHeader(
            { line: 1, cells: headers(columns) },
            columns,
          );
          expect([faults, read]).toEqual([[], columns]);
        },
      ),
    );
  });

  it.each([
    ['basic messaging', 'FMS'],
    ['Basic  Messaging ', 'FMS'],
    ['FMS', 'FMS'],
    ['ee (ACME.webex.com)', 'EE'],
    ['Video mesh [XYZ]', 'XYZ'],
    ['What it was called in May [XYZ]', 'XYZ'],
    ['Suite [EE] (acme.webex.com)', 'EE'],
  ])('R71 knows "%s" as %s', (header, offer) => {
    expect(columnFinder(some)(header)).toMatchObject({ kind: 'license', offer });
  });
});

describe('readHeader', () => {
  const read = (...cells: string[]) => readHeader({ line: 3, cells }, some).faults;

  it('R73 needs only the column that says who', () => {
    expect(read('user id/email (required)')).toEqual([]);
    expect(read('Basic Messaging')).toMatchObject([
      { line: 3, column: null, code: 'missing-column' },
    ]);
  });

  it('R71 names every unknown and every second column at once', () => {
    const faults = read('User ID/Email (Required)', 'Favourite Colour', 'FMS', 'Basic Messaging');
    expect(faults).toMatchObject([
      { line: 3, column: 'Favourite Colour', code: 'unknown-column' },
      { line: 3, column: 'Basic Messaging', code: 'duplicate-column' },
    ]);
  });

  it('R38 R71 refuses attendee accounts on a site where there are none', () => {
    const faults = read('User ID/Email (Required)', 'Attendee (other.webex.com)');
    expect(faults).toMatchObject([
      { column: 'Attendee (other.webex.com)', code: 'unknown-attendee-site' },
    ]);
  });
});
