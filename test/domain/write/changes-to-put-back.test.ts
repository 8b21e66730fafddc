import type { Change, ChangeTarget, Operation } from '../../../src/domain/model/change';
import { shortLabel } from '../builders';
import { judgePutBack, changesToPutBack } from '../../../src/domain/write/changes-to-put-back';

function change(operation: Operation, target: ChangeTarget): Change {
  const reason = { code: 'granted', text: 'granted by A', rule: 'R11', templates: [] } as const;
  return { operation, target, replacement: false, reason: { ...reason, templates: [] } };
}
const license = (offer: string, site: string | null = null): ChangeTarget => ({
  kind: 'license',
  licenseId: `id of ${offer}`,
  offer,
  site,
});
const attendee: ChangeTarget = { kind: 'attendee', site: 's' };

const addMs = change('add', license('MS'));
const addHost = change('add', license('EE', 's'));
const hostToo: Change = { ...addHost, attendeeFallback: true };
const otherHost: Change = { ...change('add', license('MC', 's')), attendeeFallback: true };
const dropHost = change('remove', license('EE', 's'));
const addAttendee = change('add', attendee);
const dropAttendee = change('remove', attendee);
const addPremium = change('add', license('CJPPRM'));
const dropStandard = change('remove', license('CJPSTD'));
const noHost = { 'id of EE': 0, 'id of MC': 0 };

describe('R40 putting the other half of a replacement back', () => {
  it.each<[string, Change[], Change[], string[]]>([
    ['host refused, attendee gone', [dropAttendee], [addHost], ['+attendee@s']],
    ['host given, attendee still there', [addHost], [dropAttendee], ['-EE host@s']],
    ['attendee refused, host gone (R40a)', [dropHost], [addAttendee], ['+EE host@s']],
    ['attendee given, host still there (R40a)', [addAttendee], [dropHost], ['-attendee@s']],
    ['R19b Premium refused, Standard gone', [dropStandard], [addPremium], ['+CJPSTD']],
    ['both done', [addHost, dropAttendee], [], []],
    ['both refused', [], [addHost, dropAttendee], []],
    ['no replacement', [addMs], [addHost], []],
  ])('%s', (_, done, refused, expected) => {
    const back = changesToPutBack({ changes: [...done, ...refused], done, refused, unitsLeft: {} });
    expect(back.map(shortLabel)).toEqual(expected);
    for (const { reason } of back) expect(reason).toMatchObject({ code: 'put-back', rule: 'R40' });
  });
});

describe('R36 host was granted in addition to attendee, and its unit is gone at the write', () => {
  it.each<[string, Change[], Change[], Record<string, number>, string[]]>([
    ['attendee meanwhile', [addMs], [hostToo], noHost, ['+attendee@s']],
    ['whoever was attendee is again', [dropAttendee], [hostToo], noHost, ['+attendee@s']],
    ['whoever still is attendee stays it', [], [hostToo, dropAttendee], noHost, []],
    ['two host licenses, one attendee account', [], [hostToo, otherHost], noHost, ['+attendee@s']],
    ['host by another license: no attendee', [otherHost], [hostToo], noHost, []],
    ['… not even one who was', [otherHost, dropAttendee], [hostToo], noHost, []],
    ['host alone granted: the user waits', [], [addHost], noHost, []],
    ['refused for another reason', [], [hostToo], { 'id of EE': 1 }, []],
  ])('%s', (_, done, refused, unitsLeft, expected) => {
    const restored = changesToPutBack({ changes: [...done, ...refused], done, refused, unitsLeft });
    expect(restored.map(shortLabel)).toEqual(expected);
  });

  it('says that the user is attendee for now', () => {
    const [meanwhile] = changesToPutBack({
      changes: [hostToo],
      done: [],
      refused: [hostToo],
      unitsLeft: noHost,
    });
    expect(meanwhile?.reason).toMatchObject({
      text: 'granted by A; attendee until a host unit is free',
      rule: 'R36',
    });
  });
});

describe('what a user comes to once the rest has been written', () => {
  const row = { pending: null };
  it.each<[string, Change[], Change[], Record<string, number>, string, string]>([
    [
      'R36 attendee meanwhile',
      [hostToo],
      [addAttendee],
      noHost,
      'host-pending',
      'No unit is left for Webex Meetings Suite (EE), host on s. The user is attendee for now.',
    ],
    [
      'R40 the other half was put back for want of a unit',
      [addHost],
      [addAttendee],
      noHost,
      'waiting-for-seat',
      'No unit is left for Webex Meetings Suite (EE), host on s. The other half of the replacement was put back.',
    ],
    [
      'R40 the other half was put back after another refusal',
      [addHost],
      [addAttendee],
      {},
      'partial',
      'Webex did not add Webex Meetings Suite (EE), host on s. The other half of the replacement was put back.',
    ],
  ])('%s', (_, refused, back, unitsLeft, outcome, detail) => {
    const restored = back.map((one) =>
      outcome === 'host-pending' ? { ...one, reason: { ...one.reason, rule: 'R36' } } : one,
    );
    expect(judgePutBack({ row, refused, restored, unitsLeft })).toEqual({ outcome, detail });
  });
});
