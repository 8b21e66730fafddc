import type { LicenseWant } from '../../../src/domain/decide/decision';
import { waitingNote, type WaitingCase } from '../../../src/domain/plan/waiting-note';
import { aTarget, siteA } from '../builders';

const want: LicenseWant = {
  kind: 'license',
  poolIndex: 0,
  offer: 'EE',
  site: siteA,
  reason: { code: 'granted', text: 'granted', rule: 'R11', templates: [] },
  replacement: false,
  ifNoUnit: 'wait',
  needsAllRemovals: false,
  needs: [],
};
const plain: WaitingCase = {
  want,
  target: aTarget(`EE@${siteA}`),
  isHostOtherwise: false,
  isInRing: false,
};
const orAttendee: LicenseWant = { ...want, ifNoUnit: 'become-attendee' };
const excluding: LicenseWant = { ...want, needsAllRemovals: true };

describe('the note on a license that waits', () => {
  it.each<[string, Partial<WaitingCase>, string, string]>([
    ['R46 states that no unit is left', {}, 'no-unit', 'no unit is left'],
    ['R46 names a ring', { isInRing: true }, 'ring', 'each need a unit that another of them holds'],
    [
      'R60 names the removals of what it excludes',
      { want: excluding },
      'no-unit',
      'together with the removals',
    ],
    [
      'R36 states attendee until then',
      { want: orAttendee, isInRing: true },
      'host-pending',
      'attendee',
    ],
    [
      'R46 states no attendee for a user who is host already',
      { want: orAttendee, isHostOtherwise: true },
      'no-unit',
      'no unit',
    ],
  ])('%s', (_, given, code, text) => {
    const expected = { code, text: expect.stringContaining(text) as string, target: plain.target };
    expect(waitingNote({ ...plain, ...given })).toMatchObject(expected);
  });
});
