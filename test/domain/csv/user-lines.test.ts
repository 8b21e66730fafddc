import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { writeCell, writeFlag } from '../../../src/domain/csv/cells';
import { csvColumns } from '../../../src/domain/csv/columns';
import {
  createUserLines,
  heldBy,
  licenseKinds,
  type CsvPerson,
} from '../../../src/domain/csv/user-line';
import { writeLine } from '../../../src/domain/csv/write-line';
import type { Holdings } from '../../../src/domain/model/user';
import { licenseId, siteA, siteB, someLicenses } from '../builders';

const orgId = 'Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8x';
const licenses = someLicenses();
const columns = csvColumns({ licenses, attendeeSites: [siteA, siteB] });
const kindOf = licenseKinds(licenses);
const exportedAt = new Date('2026-01-02T03:04:05.678Z');

/** The line of one user, written by itself: a plain reading of R71 and R77. */
function plainLine(user: CsvPerson): string {
  const { personId, holdings } = user;
  const held = heldBy(holdings, kindOf);
  const sorted = (list: readonly string[]) => [...new Set(list)].sort();
  const stamped = [personId, sorted(holdings.licenses), sorted(holdings.attendeeSites ?? [])];
  const digest = createHmac('sha256', orgId).update(JSON.stringify(stamped)).digest('hex');
  const cells = columns.map((column) => {
    if (column.kind === 'user') return writeCell(user.email);
    if (column.kind === 'name') return writeCell(user.displayName);
    if (column.kind === 'status') return user.isSuspended ? 'Suspended' : 'Active';
    if (column.kind === 'phone') return writeCell(user.phoneNumber ?? '');
    if (column.kind === 'license') return writeFlag(held.has(column));
    if (column.kind === 'stamp') return `v1_20260102T030405Z_${digest.slice(0, 32)}`;
    const { kind, site } = column as { kind: 'attendee'; site: string };
    return writeFlag(held.has({ kind, offer: 'attendee', site }));
  });
  return writeLine(cells);
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '+1 555 0100', '=1+1', "'=x", 'Große; "Ada", \r\nMuster', '-'),
);
const held = fc.record<Holdings>({
  licenses: fc.subarray(['FMS', 'MS', 'FTC', `EE@${siteA}`, `EE@${siteB}#2`, 'XYZ'].map(licenseId)),
  attendeeSites: fc.option(fc.subarray([siteA, siteB]), { nil: null }),
});
const users = fc.array(held, { minLength: 1, maxLength: 3 }).chain((kinds) =>
  fc.array(
    fc.record<CsvPerson>({
      personId: text,
      email: text,
      displayName: text,
      isSuspended: fc.boolean(),
      phoneNumber: fc.option(text, { nil: null }),
      holdings: fc.oneof(fc.constantFrom(...kinds), held),
    }),
    { maxLength: 12 },
  ),
);

describe('the lines of an export', () => {
  it('are what each user would have alone, whatever they share with others', () => {
    fc.assert(
      fc.property(users, (list) => {
        const lineOf = createUserLines({ orgId, columns, kindOf, exportedAt });
        expect(list.map(lineOf)).toEqual(list.map(plainLine));
      }),
    );
  });
});
