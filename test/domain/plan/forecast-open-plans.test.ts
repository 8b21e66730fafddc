import { indexLicenses } from '../../../src/domain/licenses/license-index';
import { forecastOpenPlans, type UnitDemand } from '../../../src/domain/plan/forecast-open-plans';
import { aLicense, licenseId, someSettings } from '../builders';

/** `2 of 10` are used; the letters are what plans still demand: taken, freed, waiting. */
function outlookOf(
  licenses: Record<string, { total: number; used: number } | 'free'>,
  demands: [string, number, number, number][],
) {
  const index = indexLicenses(
    Object.entries(licenses).map(([spec, units]) =>
      aLicense(spec, units === 'free' ? undefined : units),
    ),
    someSettings().subscriptions,
  );
  const outlooks = forecastOpenPlans(
    index,
    demands.map(([spec, taken, freed, waiting]): UnitDemand => ({
      licenseId: licenseId(spec),
      taken,
      freed,
      waiting,
    })),
  );
  return (spec: string) => outlooks.get(licenseId(spec));
}

describe('what open plans make of units', () => {
  it.each<[string, { total: number; used: number }, [number, number, number][], number, number]>([
    ['takes from what is left today', { total: 10, used: 2 }, [[3, 0, 0]], 5, 0],
    ['counts units that are freed', { total: 10, used: 10 }, [[3, 4, 0]], 1, 0],
    [
      'adds up all plans',
      { total: 10, used: 2 },
      [
        [5, 0, 0],
        [5, 0, 0],
      ],
      0,
      2,
    ],
    [
      'lets one plan take what another frees',
      { total: 5, used: 5 },
      [
        [3, 0, 0],
        [0, 2, 0],
      ],
      0,
      1,
    ],
    ['counts users who wait', { total: 10, used: 8 }, [[2, 0, 3]], 0, 3],
    ['serves users who wait with units of today', { total: 10, used: 5 }, [[2, 0, 3]], 0, 0],
    ['leaves earlier overuse out', { total: 10, used: 14 }, [[1, 0, 0]], 0, 1],
    ['frees nothing while too many are used', { total: 10, used: 14 }, [[0, 2, 0]], 0, 0],
    ['needs nothing where nothing is planned', { total: 10, used: 14 }, [], 0, 0],
  ])('R46 %s', (_, units, demands, unitsLeftAfter, shortage) => {
    const outlook = outlookOf(
      { MS: units },
      demands.map((demand) => ['MS', ...demand]),
    );
    expect(outlook('MS')).toMatchObject({ unitsLeftAfter, shortage });
  });

  it('R47 is never short of a free license', () => {
    expect(outlookOf({ FMS: 'free' }, [['FMS', 500, 0, 2]])('FMS')).toEqual({
      taken: 500,
      freed: 0,
      waiting: 2,
      unitsLeftAfter: null,
      shortage: 0,
    });
  });

  it('R44 covers a shortage with the next oldest subscription, and each unit once', () => {
    const outlook = outlookOf(
      {
        RTT: { total: 5, used: 5 },
        'RTT#2': { total: 5, used: 3 },
        'RTT#3': { total: 9, used: 8 },
        MS: { total: 9, used: 0 },
      },
      [
        ['RTT', 1, 0, 3],
        ['RTT#2', 1, 0, 0],
      ],
    );
    expect(outlook('RTT')).toMatchObject({ taken: 1, waiting: 3, unitsLeftAfter: 0, shortage: 2 });
    expect(outlook('RTT#2')).toMatchObject({ taken: 1, unitsLeftAfter: 0, shortage: 0 });
    expect(outlook('RTT#3')).toMatchObject({ taken: 0, unitsLeftAfter: 0, shortage: 0 });
    expect(outlook('MS')).toMatchObject({ taken: 0, unitsLeftAfter: 9, shortage: 0 });
  });

  it('leaves out licenses that the organization has no more', () => {
    const outlook = outlookOf({ MS: { total: 5, used: 0 } }, [['CF', 2, 0, 0]]);
    expect(outlook('CF')).toBeUndefined();
    expect(outlook('MS')).toMatchObject({ unitsLeftAfter: 5 });
  });
});
