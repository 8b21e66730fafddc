import type { Change, ChangeTarget, Operation } from '../../../src/domain/model/change';
import { compareHoldings } from '../../../src/domain/write/compare-holdings';

function change(operation: Operation, target: ChangeTarget): Change {
  const reason = { code: 'granted', text: '', rule: 'R19', templates: [] } as const;
  return { operation, target, replacement: false, reason: { ...reason, templates: [] } };
}
const ms: ChangeTarget = { kind: 'license', licenseId: 'MS', offer: 'MS', site: null };
const attendee: ChangeTarget = { kind: 'attendee', site: 's' };

describe('what a read shows of a call', () => {
  it.each<[string, Change, string[], string[] | null, boolean]>([
    ['an addition that is there', change('add', ms), ['MS'], [], true],
    ['an addition that is not there', change('add', ms), [], [], false],
    ['a removal that is gone', change('remove', ms), [], [], true],
    ['a removal that is still there', change('remove', ms), ['MS'], [], false],
    ['an attendee account', change('add', attendee), [], ['s'], true],
    ['an attendee account that is gone', change('remove', attendee), [], [], true],
    [
      'an attendee account of which the read says nothing',
      change('add', attendee),
      [],
      null,
      false,
    ],
    ['its removal, of which the read says nothing', change('remove', attendee), [], null, false],
  ])('%s', (_, one, licenses, attendeeSites, isDone) => {
    const { done, refused } = compareHoldings([one], { licenses, attendeeSites });
    expect(done).toEqual(isDone ? [one] : []);
    expect(refused).toEqual(isDone ? [] : [one]);
  });
});
