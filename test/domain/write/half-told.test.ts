import type { Change } from '../../../src/domain/model/change';
import { isOurWork, mayHaveTaken, staysInDoubt } from '../../../src/domain/write/half-told';
import { adds, addsAttendee, removes, removesAttendee } from '../../support/scripted-webex';

const site = 'acme.webex.com';

describe('R95 a call that was answered with an error', () => {
  it.each<[string, Change[], boolean, boolean]>([
    ['an addition', [adds('MS')], false, false],
    ['a swap', [adds('MS'), removes('RTT')], true, true],
    ['a removal', [removes('RTT')], true, true],
    ['a swap and an attendee account', [removes('RTT'), addsAttendee(site)], true, false],
    ['an attendee account', [removesAttendee(site)], true, false],
  ])('%s: it may have taken something: %j %s %s', (_, changes, taken, doubt) => {
    expect(mayHaveTaken(changes)).toBe(taken);
    expect(staysInDoubt(changes, { kind: 'unanswered' })).toBe(doubt);
    expect(staysInDoubt(changes, { kind: 'shown' })).toBe(false);
    expect(staysInDoubt(changes, null)).toBe(false);
  });

  it.each<[string, Change[], boolean, boolean]>([
    ['nothing, no answer', [], true, false],
    ['an addition, no answer', [adds('MS')], true, true],
    ['an addition, an error: somebody else', [adds('MS')], false, false],
    ['a removal, an error', [removes('RTT')], false, true],
    ['all of it, an error', [adds('MS'), removes('RTT')], false, true],
  ])('a read shows %s', (_, done, mayBeDone, expected) => {
    expect(isOurWork({ done, refused: [], silent: [] }, { mayBeDone })).toBe(expected);
  });
});
