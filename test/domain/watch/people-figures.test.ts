import {
  isPartialView,
  peopleText,
  type PeopleFigures,
} from '../../../src/domain/watch/people-figures';

describe('isPartialView', () => {
  it.each([
    [41, 101, true],
    [101, 101, false],
    [105, 101, false],
    [100, 101, false],
    [3, 10, true],
    [9, 10, false],
    [9_900, 10_000, false],
    [9_700, 10_000, true],
    [41, null, false],
  ])('R87 %d of %d people are seen: partial %s', (seen, promised, isPartial) => {
    expect(isPartialView({ seen, promised, source: 'licenses' })).toBe(isPartial);
  });
});

describe('peopleText', () => {
  it.each<[PeopleFigures, string]>([
    [
      { seen: 41, promised: 101, source: 'licenses' },
      'Webex shows 41 users to this credential. The units of the free licenses are 101. The credential seems to see only a part of them.',
    ],
    [
      { seen: 101, promised: 101, source: 'scim' },
      "Webex shows 101 users to this credential. SCIM's total is 101.",
    ],
    [
      { seen: 41, promised: null, source: null },
      'Webex shows 41 users to this credential. Neither SCIM nor the free licenses say how many there are.',
    ],
  ])('R87 says both figures, or that there is only one', (figures, text) => {
    expect(peopleText(figures)).toBe(text);
  });
});
