import { unitsLeftOf } from '../../../src/domain/licenses/license-index';
import { onceShown, withOwnWrites, type OwnWrites } from '../../../src/domain/licenses/own-writes';
import { aLicense } from '../builders';

const seven = aLicense('MS', { total: 7, used: 0 });
const full = aLicense('MS', { total: 7, used: 7 });
const free = aLicense('FMS');

describe('units since Webex counted them', () => {
  it.each<[string, typeof seven, OwnWrites, number | null, number | null]>([
    ['5 of 7 used since', seven, { added: 5, removed: 0 }, 2, 2],
    ['more used than were left', seven, { added: 9, removed: 0 }, 0, 0],
    ['freed, and not shown yet', full, { added: 0, removed: 3 }, 0, 3],
    ['a swap: as many freed as used', full, { added: 3, removed: 3 }, 0, 0],
    ['more freed than used', full, { added: 1, removed: 3 }, 0, 2],
    ['more freed than Webex counted', seven, { added: 0, removed: 3 }, 7, 7],
    ['free, and never short', free, { added: 5, removed: 0 }, null, null],
  ])('R46 R47 %s', (_, license, writes, now, later) => {
    const written = new Map([[license.id, writes]]);
    expect(withOwnWrites([license], written).map(unitsLeftOf)).toEqual([now]);
    expect(onceShown([license], written).map(unitsLeftOf)).toEqual([later]);
  });

  it('leaves licenses alone of which nothing was written', () => {
    const written = new Map([['another', { added: 3, removed: 0 }]]);
    expect(withOwnWrites([seven], written)).toEqual([seven]);
  });
});
