import type { Change, ChangeTarget, Operation } from '../../../src/domain/model/change';
import { compareHoldings, type Compared } from '../../../src/domain/write/compare-holdings';

function change(operation: Operation, target: ChangeTarget): Change {
  const reason = { code: 'granted', text: '', rule: 'R19', templates: [] } as const;
  return { operation, target, replacement: false, reason: { ...reason, templates: [] } };
}
const ms: ChangeTarget = { kind: 'license', licenseId: 'MS', offer: 'MS', site: null };
const attendee: ChangeTarget = { kind: 'attendee', site: 's' };

describe('what a read shows of a call', () => {
  it.each<[string, Change, string[], string[] | null, keyof Compared]>([
    ['an addition that is there', change('add', ms), ['MS'], [], 'done'],
    ['an addition that is not there', change('add', ms), [], [], 'refused'],
    ['a removal that is gone', change('remove', ms), [], [], 'done'],
    ['a removal that is still there', change('remove', ms), ['MS'], [], 'refused'],
    ['an attendee account', change('add', attendee), [], ['s'], 'done'],
    ['an attendee account that is gone', change('remove', attendee), [], [], 'done'],
    [
      'an attendee account of which the read says nothing',
      change('add', attendee),
      [],
      null,
      'silent',
    ],
    ['its removal, of which the read says nothing', change('remove', attendee), [], null, 'silent'],
  ])('%s', (_, one, licenses, attendeeSites, verdict) => {
    const compared = { done: [], refused: [], silent: [], [verdict]: [one] };
    expect(compareHoldings([one], { licenses, attendeeSites })).toEqual(compared);
  });
});
