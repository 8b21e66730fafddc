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

describe('R40 what to put back of a replacement', () => {
  it.each<[string, Change[], Change[], string[]]>([
    [
      'is attendee if host was refused and attendee removed',
      [dropAttendee],
      [addHost],
      ['+attendee@s'],
    ],
    ['is host if it was added and attendee not removed', [addHost], [dropAttendee], ['-EE host@s']],
    [
      'is host if attendee was refused and host removed (R40a)',
      [dropHost],
      [addAttendee],
      ['+EE host@s'],
    ],
    [
      'is attendee if it was added and host not removed (R40a)',
      [addAttendee],
      [dropHost],
      ['-attendee@s'],
    ],
    [
      'R19b is Standard if Premium was refused and Standard removed',
      [dropStandard],
      [addPremium],
      ['+CJPSTD'],
    ],
    ['is nothing if both were done', [addHost, dropAttendee], [], []],
    ['is nothing if both were refused', [], [addHost, dropAttendee], []],
    ['is nothing if there was no replacement', [addMs], [addHost], []],
  ])('%s', (_, done, refused, expected) => {
    const back = changesToPutBack({ changes: [...done, ...refused], done, refused, unitsLeft: {} });
    expect(back.map(shortLabel)).toEqual(expected);
    for (const { reason } of back) expect(reason).toMatchObject({ code: 'put-back', rule: 'R40' });
  });
});

describe('R36 what to add if host, granted in addition to attendee, had no unit at the write', () => {
  it.each<[string, Change[], Change[], Record<string, number>, string[]]>([
    ['is attendee', [addMs], [hostToo], noHost, ['+attendee@s']],
    ['is attendee for a user who was attendee', [dropAttendee], [hostToo], noHost, ['+attendee@s']],
    ['is nothing for a user who still is attendee', [], [hostToo, dropAttendee], noHost, []],
    [
      'is one attendee account for two host licenses',
      [],
      [hostToo, otherHost],
      noHost,
      ['+attendee@s'],
    ],
    ['is nothing for a host by another license', [otherHost], [hostToo], noHost, []],
    [
      'is nothing for a host by another license who was attendee',
      [otherHost, dropAttendee],
      [hostToo],
      noHost,
      [],
    ],
    ['is nothing if host alone was granted', [], [addHost], noHost, []],
    ['is nothing if host was refused for another reason', [], [hostToo], { 'id of EE': 1 }, []],
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

describe('the outcome after changes were put back', () => {
  const row = { pending: null };
  it.each<[string, Change[], Change[], Record<string, number>, string, string]>([
    [
      'R36 is host-pending if attendee was added',
      [hostToo],
      [addAttendee],
      noHost,
      'host-pending',
      'No unit is left for Webex Meetings Suite (EE), host on s. The user is attendee for now.',
    ],
    [
      'R40 is waiting for a unit if the other half was put back because no unit was left',
      [addHost],
      [addAttendee],
      noHost,
      'waiting-for-seat',
      'No unit is left for Webex Meetings Suite (EE), host on s. The other half of the replacement was put back.',
    ],
    [
      'R40 is partial if the other half was put back after another refusal',
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
