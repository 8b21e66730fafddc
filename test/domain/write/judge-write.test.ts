import { changedSincePlan, judgeWrite } from '../../../src/domain/write/judge-write';
import type { Change, ChangeTarget, Operation } from '../../../src/domain/model/change';

function change(operation: Operation, target: ChangeTarget, replacement = false): Change {
  const reason = { code: 'granted', text: '', rule: 'R19', templates: [] } as const;
  return { operation, target, replacement, reason: { ...reason, templates: [] } };
}
const license = (offer: string, site: string | null = null): ChangeTarget => ({
  kind: 'license',
  licenseId: `id of ${offer}`,
  offer,
  site,
});
const attendee: ChangeTarget = { kind: 'attendee', site: 's' };

const addMs = change('add', license('MS'));
const addRtt = change('add', license('RTT'));
const dropMs = change('remove', license('MS'));
const addHost = change('add', license('EE', 's'), true);
const hostToo: Change = { ...addHost, attendeeFallback: true };
const dropAttendee = change('remove', attendee, true);

describe('the outcome of a write', () => {
  const none = { 'id of MS': 0 };
  const noHost = { 'id of EE': 0 };
  it.each<
    [string, Change[], Change[], 'unit' | 'host' | null, Record<string, number | null>, string]
  >([
    ['all done', [addMs], [], null, {}, 'applied'],
    ['R46 all done, and an addition still waits', [addMs], [], 'unit', {}, 'waiting-for-seat'],
    ['R36 all done, and host still waits', [addMs], [], 'host', {}, 'host-pending'],
    ['some refused', [addRtt], [addMs], null, {}, 'partial'],
    ['all refused', [], [addMs], null, {}, 'failed'],
    ['R46 refused because no unit is left', [addRtt], [addMs], null, none, 'waiting-for-seat'],
    ['R46 nothing done because no unit is left', [], [addMs], null, none, 'waiting-for-seat'],
    [
      'R47 a license that is never short was refused for another reason',
      [addRtt],
      [addMs],
      null,
      { 'id of MS': null },
      'partial',
    ],
    [
      'one without a unit, one refused otherwise',
      [],
      [addMs, addRtt],
      null,
      { ...none, 'id of RTT': 5 },
      'failed',
    ],
    ['a removal without effect', [addRtt], [dropMs], null, none, 'partial'],
    [
      'R40 both halves of a replacement refused because no unit is left',
      [],
      [addHost, dropAttendee],
      null,
      { 'id of EE': 0 },
      'waiting-for-seat',
    ],
    ['R36 host refused, attendee granted in addition', [], [hostToo], null, noHost, 'host-pending'],
    [
      'R36 host refused, and attendee kept',
      [],
      [hostToo, dropAttendee],
      'host',
      noHost,
      'host-pending',
    ],
    [
      'R36 host refused, and no unit of MS either',
      [],
      [hostToo, addMs],
      null,
      { ...noHost, ...none },
      'waiting-for-seat',
    ],
    [
      'R36 host refused, and another addition waits',
      [],
      [hostToo],
      'unit',
      noHost,
      'waiting-for-seat',
    ],
    ['R36 host refused with units left', [], [hostToo], null, { 'id of EE': 3 }, 'failed'],
  ])('%s', (_, done, refused, pending, unitsLeft, outcome) => {
    expect(judgeWrite({ row: { pending }, done, refused, unitsLeft }).outcome).toBe(outcome);
  });

  it('says what was refused', () => {
    const { detail } = judgeWrite({
      row: { pending: null },
      done: [],
      refused: [dropMs, addRtt],
      unitsLeft: {},
    });
    expect(detail).toBe('Webex did not remove Advanced Messaging (MS) or add RTT.');
  });
});

describe('a user counts as changed since the plan', () => {
  it.each([
    ['not for the same licenses in another order', ['a', 'b'], [], ['b', 'a'], [], false],
    ['for a license more', ['a'], [], ['a', 'b'], [], true],
    ['for a license less', ['a'], [], [], [], true],
    ['for another site', ['a'], ['s'], ['a'], [], true],
    ['not if the sites are unknown now', ['a'], ['s'], ['a'], null, false],
    ['not if the sites were unknown then', ['a'], null, ['a'], ['s'], false],
  ])('%s', (_, licenses, sites, licensesNow, sitesNow, expected) => {
    const before = { licenses, attendeeSites: sites };
    const now = { licenses: licensesNow, attendeeSites: sitesNow };
    expect(changedSincePlan({ before, now })).toBe(expected);
  });
});
