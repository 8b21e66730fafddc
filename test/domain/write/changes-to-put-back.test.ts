import type { Change, ChangeTarget, Operation } from '../../../src/domain/model/change';
import { shortLabel } from '../builders';
import { changesToPutBack, lostForGood } from '../../../src/domain/write/changes-to-put-back';
import { judgePutBack, withoutLostUnits } from '../../../src/domain/write/judge-put-back';
import { someSettings } from '../builders';

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
const { callingOffers } = someSettings();
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
    const back = changesToPutBack({ done, refused, unitsLeft: {}, callingOffers });
    expect(back.map(shortLabel)).toEqual(expected);
    for (const { reason } of back) {
      const rule = reason.rule === 'R19b' ? 'R40' : reason.rule;
      expect(reason).toMatchObject({ code: 'put-back', rule });
    }
  });
});

describe('R95 what to put back where an addition was refused', () => {
  const dropRtt = change('remove', license('RTT'));
  const dropCf = change('remove', license('CF'));
  const addCalling = change('add', license('BCSTD'));
  const dropCalling = change('remove', license('WXCSTD'));
  const copy = { kind: 'license', licenseId: 'another copy', offer: 'EE', site: 's' } as const;
  const move = change('add', copy);
  it.each<[string, Change[], Change[], string[]]>([
    ['a swap', [dropRtt], [addMs], ['+RTT']],
    ['all removals of the call', [dropRtt, dropCf], [addMs], ['+RTT', '+CF']],
    ['whatever else was added', [addHost, dropRtt], [addMs], ['+RTT']],
    ['no removal that was refused as well', [], [addMs, dropRtt], []],
    ['nothing where only removals were refused', [dropRtt], [dropCf], []],
    ['nothing where only additions were done', [addHost], [addMs], []],
    ['no half whose other half was done: host', [addHost, dropAttendee], [addMs], []],
    ['no half whose other half was done: attendee', [addAttendee, dropHost], [addMs], []],
    ['no half whose other half was done: Premium', [addPremium, dropStandard], [addMs], []],
    ['no copy that another subscription replaces', [move, dropHost], [addMs], []],
    ['the copy that nothing replaces', [dropHost], [move], ['+EE host@s']],
    [
      'nothing of Calling, which can not be put back',
      [dropCalling, dropRtt],
      [addCalling],
      ['+RTT'],
    ],
  ])('%s', (_, done, refused, expected) => {
    const back = changesToPutBack({ done, refused, unitsLeft: {}, callingOffers });
    expect(back.map(shortLabel)).toEqual(expected);
    for (const { replacement } of back) expect(replacement).toBe(true);
  });

  it('R40 puts nothing back because a read is silent, and everything that may be lost by a refusal', () => {
    const back = (done: Change[], refused: Change[], silent: Change[]) =>
      changesToPutBack({ done, refused, silent, unitsLeft: {}, callingOffers }).map(shortLabel);
    expect(back([addHost], [], [dropAttendee])).toEqual([]);
    expect(back([dropHost], [], [addAttendee])).toEqual([]);
    expect(back([addHost, dropRtt], [addMs], [dropAttendee])).toEqual(['+RTT']);
    expect(back([dropRtt], [addHost], [dropAttendee])).toEqual(['+RTT', '+attendee@s']);
  });

  it('names the rule, and why', () => {
    const [back] = changesToPutBack({
      done: [dropRtt],
      refused: [addMs],
      unitsLeft: {},
      callingOffers,
    });
    expect(back?.reason).toMatchObject({
      code: 'put-back',
      rule: 'R95',
      text: 'put back, because Webex did not add Advanced Messaging (MS)',
    });
  });

  it('R68 knows what nothing brings back', () => {
    const input = { done: [dropCalling, dropRtt], unitsLeft: {}, callingOffers };
    expect(lostForGood({ ...input, refused: [addCalling] })).toEqual([dropCalling]);
    expect(lostForGood({ ...input, refused: [] })).toEqual([]);
  });
});

describe('R95 a putting-back that Webex refused', () => {
  const back = changesToPutBack({
    done: [dropHost, dropStandard],
    refused: [addMs],
    unitsLeft: {},
    callingOffers,
  });
  it('waits for the next unit where others have taken it, and the rest is put back', () => {
    const lost = withoutLostUnits(back, back, { 'id of EE': 0 });
    expect(lost?.waiting.map(shortLabel)).toEqual(['+EE host@s']);
    expect(lost?.waiting[0]?.reason).toMatchObject({ code: 'put-back', templates: [] });
    expect(lost?.rest.map(shortLabel)).toEqual(['+CJPSTD']);
  });

  it('is not explained where units are left, or none are counted', () => {
    expect(withoutLostUnits(back, back, { 'id of EE': 2 })).toBeNull();
    expect(withoutLostUnits(back, back, {})).toBeNull();
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
    const restored = changesToPutBack({ done, refused, unitsLeft, callingOffers });
    expect(restored.map(shortLabel)).toEqual(expected);
  });

  it('says that the user is attendee for now', () => {
    const [meanwhile] = changesToPutBack({
      callingOffers,
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
      'R40 is failed if the other half was put back after another refusal: nothing is left',
      [addHost],
      [addAttendee],
      {},
      'failed',
      'Webex did not add Webex Meetings Suite (EE), host on s. The other half of the replacement was put back.',
    ],
  ])('%s', (_, refused, back, unitsLeft, outcome, detail) => {
    const rule = outcome === 'host-pending' ? 'R36' : 'R40';
    const restored = back.map((one) => ({ ...one, reason: { ...one.reason, rule } }));
    expect(judgePutBack({ row, done: [dropAttendee], refused, restored, unitsLeft })).toEqual({
      outcome,
      detail,
    });
  });

  it('R95 is partial where another change stays done', () => {
    const judged = judgePutBack({
      row,
      done: [dropStandard, addHost],
      refused: [addMs],
      restored: changesToPutBack({
        done: [dropStandard],
        refused: [addMs],
        unitsLeft: {},
        callingOffers,
      }),
      unitsLeft: {},
    });
    expect(judged).toEqual({
      outcome: 'partial',
      detail: 'Webex did not add Advanced Messaging (MS). What the call had removed was put back.',
    });
  });
});
