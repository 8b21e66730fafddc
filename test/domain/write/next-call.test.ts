import type { Change, Operation } from '../../../src/domain/model/change';
import { nextCall } from '../../../src/domain/write/next-call';
import { shortLabel, someSettings } from '../builders';

const { callingOffers } = someSettings();

function change(operation: Operation, offer: string): Change {
  return {
    operation,
    target: { kind: 'license', licenseId: `id of ${offer}`, offer, site: null },
    reason: { code: 'granted', text: 'granted by A', rule: 'R11', templates: [] },
    replacement: false,
  };
}
const addMs = change('add', 'MS');
const dropRtt = change('remove', 'RTT');
const dropCalling = change('remove', 'BCSTD');
const dropStandard = change('remove', 'WXCSTD');
const dropConsole = change('remove', 'WXCAC');
const addCalling = change('add', 'BCSTD');

describe('R61 R95 the next call of a user', () => {
  it.each<[string, Change[], Change[], string[], string[]]>([
    ['makes all changes together', [addMs, dropRtt], [], ['+MS', '-RTT'], []],
    [
      'leaves the removal of Calling for the last call',
      [dropCalling, addMs, dropRtt],
      [],
      ['+MS', '-RTT'],
      ['-BCSTD'],
    ],
    [
      'removes what needs Calling before it',
      [dropConsole, dropCalling],
      [],
      ['-WXCAC'],
      ['-BCSTD'],
    ],
    [
      'removes Calling once everything else is done',
      [dropCalling, addMs, dropRtt],
      [addMs, dropRtt],
      ['-BCSTD'],
      [],
    ],
    ['is the only one where Calling alone is removed', [dropCalling], [], ['-BCSTD'], []],
    [
      'R60 keeps Standard with the Professional that takes its place',
      [dropStandard, addCalling, addMs],
      [],
      ['-WXCSTD', '+BCSTD', '+MS'],
      [],
    ],
  ])('%s', (_, changes, done, now, later) => {
    const call = nextCall(changes, done, callingOffers);
    expect(call.changes.map(shortLabel)).toEqual(now);
    expect(call.later.map(shortLabel)).toEqual(later);
  });
});
