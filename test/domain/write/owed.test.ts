import type { Change } from '../../../src/domain/model/change';
import { judgeRestored, nextLookMs, nextPutBackMs } from '../../../src/domain/write/owed';
import { adds, addsAttendee, licenseId } from '../../support/scripted-webex';

const minute = 60_000;
const day = 24 * 60 * minute;
const site = 'acme.webex.com';
const [ee, ftc] = [licenseId('EE'), licenseId('FTC')];

describe('R95 when a refused putting-back is tried again', () => {
  it.each([
    [0, 1],
    [1, 15],
    [2, 60],
    [3, 240],
    [100, 240],
  ])('after %i refusals before it: %i minutes', (tries, minutes) => {
    expect(nextPutBackMs(tries)).toBe(minutes * minute);
  });
});

describe('R95 R99 what a read says about a putting-back', () => {
  const both = [adds('EE'), adds('FTC')];
  const attendee = addsAttendee(site);
  const calling: Change = { ...adds('BCSTD'), calling: { extension: '4711' } as never };

  it.each<[string, Change[], string[], string[] | null, number, number, unknown]>([
    ['all of it', both, [ee, ftc], null, 0, 0, { kind: 'seen' }],
    ['nothing, early', both, [], [], 0, 0, { kind: 'wait', nextMs: 30_000 }],
    ['a half, early', both, [ee], [], 2, 0, { kind: 'wait', nextMs: 2 * minute }],
    ['a half, after five minutes', both, [ee], [], 5, 0, { kind: 'owed', owed: [adds('FTC')] }],
    ['nothing, again', both, [], [], 14, 1, { kind: 'wait', nextMs: minute }],
    ['nothing, after the wait', both, [], [], 15, 1, { kind: 'owed', owed: both }],
    ['nothing, after the fourth try', both, [], [], 240, 3, { kind: 'owed', owed: both }],
    ['no Calling, early', [calling], [], [], 1380, 0, { kind: 'wait', nextMs: 60 * minute }],
    ['no Calling, at the deadline', [calling], [], [], 1440, 0, { kind: 'owed', owed: [calling] }],
    ['a site', [attendee], [], [site], 0, 0, { kind: 'seen' }],
    ['no sites', [adds('EE'), attendee], [ee], null, 0, 0, { kind: 'owed', owed: [attendee] }],
    ['no sites, again', [adds('EE'), attendee], [ee], null, 0, 1, { kind: 'seen' }],
    [
      'no sites, nothing',
      [adds('EE'), attendee],
      [],
      null,
      1440,
      1,
      {
        kind: 'owed',
        owed: [adds('EE'), attendee],
      },
    ],
  ])('%s', (_, restored, licenses, attendeeSites, ageMinutes, tries, verdict) => {
    const about = { restored, ageMs: ageMinutes * minute, deadlineMs: day, tries };
    expect(judgeRestored(about, { licenses, attendeeSites })).toEqual(verdict);
  });

  it.each([
    [0, 30_000],
    [5 * minute, 5 * minute],
    [10 * 60 * minute, 60 * minute],
    [day - 20_000, 20_000],
    [day + 1, 0],
  ])('%i ms after it, the next look is in %i ms', (ageMs, expected) => {
    expect(nextLookMs(ageMs, day)).toBe(expected);
  });
});
