import type { OutcomeCounts } from '../../../src/domain/model/outcome';
import { gateObjection } from '../../../src/domain/rollout/gate';

const failurePercent = 5;

interface Figures {
  counts: OutcomeCounts;
  written: number;
  seen: number;
}

const pilot = (counts: OutcomeCounts, written: number, seen: number): [number, Figures] => [
  0,
  { counts, written, seen },
];
const wave = (counts: OutcomeCounts, written: number): [number, Figures] => [
  2,
  { counts, written, seen: 0 },
];

describe('an automatic gate', () => {
  it.each<[string, [number, Figures]]>([
    ['everybody of the pilot was seen', pilot({ converged: 5 }, 5, 5)],
    ['half of the pilot was seen', pilot({ converged: 2, conflict: 2 }, 2, 2)],
    ['users of the pilot also wait for a unit', pilot({ converged: 1, 'host-pending': 1 }, 2, 2)],
    ['the pilot has no users', pilot({}, 0, 0)],
    ['somebody of a later wave was written', wave({ applied: 1, conflict: 99 }, 1)],
    ['nobody of a later wave had to be written any more', wave({ conflict: 3, gone: 2 }, 0)],
    ['few of a later wave failed', wave({ applied: 99, failed: 1 }, 99)],
  ])('R96 opens where %s', (_, [number, figures]) => {
    expect(gateObjection({ wave: number, ...figures }, failurePercent)).toBeNull();
  });

  it.each<[string, [number, Figures], string]>([
    [
      'both pilot users were changed by somebody else',
      pilot({ conflict: 2 }, 0, 0),
      '0 of 2 pilot users were written',
    ],
    [
      'Webex says "not found" for the whole pilot',
      pilot({ gone: 5 }, 0, 0),
      '0 of 5 pilot users were written',
    ],
    ['the pilot is gone or failed', pilot({ gone: 3, failed: 2 }, 0, 0), '0 of 5 pilot users'],
    [
      'less than half of the pilot was seen',
      pilot({ converged: 2, conflict: 3 }, 2, 2),
      '2 of 5 pilot users were written and seen',
    ],
    [
      'the pilot was not seen in time',
      pilot({ unconverged: 5 }, 5, 0),
      '0 of 5 pilot users were written and seen',
    ],
    ['half of the pilot failed', pilot({ converged: 3, partial: 3 }, 6, 3), '3 of 6 users failed'],
    ['a tenth of a wave failed', wave({ applied: 9, failed: 1 }, 9), '1 of 10 users failed'],
    ['one failed and nobody was written', wave({ failed: 1, conflict: 9 }, 0), '1 of 10 users'],
    ['nobody was written yet', wave({ planned: 7 }, 0), '0 of 7 users of wave 2 were written'],
  ])('R96 waits where %s, and says why', (_, [number, figures], why) => {
    expect(gateObjection({ wave: number, ...figures }, failurePercent)).toContain(why);
  });
});
