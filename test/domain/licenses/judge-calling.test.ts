import {
  judgeCalling,
  type JudgeCallingInput,
  type NumberEntry,
} from '../../../src/domain/licenses/judge-calling';
import type { CallingRecord } from '../../../src/domain/licenses/calling';

const number = '+99912345678';
const uppsala = 'uppsala';
const lyon = 'lyon';
const unknown: NumberEntry = { known: false };
const unlisted: NumberEntry = { known: true, listed: false };
const free = (locationId: string | null, ownerId: string | null = null): NumberEntry => ({
  known: true,
  listed: true,
  locationId,
  ownerId,
});

function aRecord(given: Partial<CallingRecord> = {}): CallingRecord {
  return { locationId: null, workNumber: null, extension: null, ...given };
}

function judge(given: Partial<JudgeCallingInput>): string {
  const verdict = judgeCalling({
    personId: 'ann',
    record: aRecord(),
    entry: free(uppsala),
    othersWithNumber: 0,
    ...given,
  });
  if (!verdict.can) return `${verdict.cause}: ${verdict.text}`;
  const { locationId, phoneNumber, extension } = verdict.properties;
  return [locationId, phoneNumber, extension].filter(Boolean).join(' ');
}

describe('judgeCalling', () => {
  it.each<[string, Partial<JudgeCallingInput>, string]>([
    ['a free number', { record: aRecord({ workNumber: number }) }, `${uppsala} ${number}`],
    [
      'a free number, with the extension',
      { record: aRecord({ workNumber: number, extension: '4711' }) },
      `${uppsala} ${number} 4711`,
    ],
    [
      'a number that is the own one',
      { record: aRecord({ workNumber: number }), entry: free(uppsala, 'ann') },
      `${uppsala} ${number}`,
    ],
    [
      'the location of the number, not that of the record',
      { record: aRecord({ workNumber: number, locationId: lyon }) },
      `${uppsala} ${number}`,
    ],
    [
      'the location of the record where the inventory is unknown',
      { record: aRecord({ workNumber: number, locationId: lyon }), entry: unknown },
      `${lyon} ${number}`,
    ],
    [
      'an extension at a location',
      { record: aRecord({ extension: '4711', locationId: lyon }) },
      `${lyon} 4711`,
    ],
  ])('R62 R63 takes %s', (_, given, expected) => {
    expect(judge(given)).toBe(expected);
  });

  it.each<[string, Partial<JudgeCallingInput>, string]>([
    ['nothing was asked', { record: null }, 'directory has not been asked'],
    ['there is neither', {}, 'neither a work number nor an extension'],
    ['an extension has no place', { record: aRecord({ extension: '4711' }) }, 'no location for it'],
  ])('R64 R69 says no-number where %s', (_, given, why) => {
    expect(judge(given)).toMatch(/^no-number: /);
    expect(judge(given)).toContain(why);
  });

  const record = aRecord({ workNumber: number });
  it.each<[string, Partial<JudgeCallingInput>, string]>([
    ['it is provisioned nowhere', { record, entry: unlisted }, "isn't provisioned at any location"],
    [
      'its entry has no location',
      { record, entry: free(null) },
      "isn't provisioned at any location",
    ],
    ['somebody else has it', { record, entry: free(uppsala, 'bob') }, 'assigned to another user'],
    ['another user has the same', { record, othersWithNumber: 1 }, '1 other user'],
    ['others have the same', { record, othersWithNumber: 2 }, '2 other users'],
    ['nothing says where it is', { record, entry: unknown }, "can't be looked up"],
    [
      'it is bad, even beside a good extension',
      { record: aRecord({ workNumber: '4711', extension: '4711', locationId: lyon }) },
      'not an E.164',
    ],
  ])('R63 R64 R69 says bad-number where %s', (_, given, why) => {
    expect(judge(given)).toMatch(/^bad-number: /);
    expect(judge(given)).toContain(why);
  });

  it.each(['99912345678', '0046181234', '+0123456789', '+46 18 123456', '+46-18', '+', 'tel:+461'])(
    "R63 R78 doesn't accept %s as an E.164 number, and corrects nothing",
    (workNumber) => {
      expect(judge({ record: aRecord({ workNumber }) })).toContain('not an E.164');
    },
  );
});
