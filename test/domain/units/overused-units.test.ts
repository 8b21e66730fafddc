import { aLicense, aTemplate, aUser, licensesWith, planOf } from '../builders';

const messaging = ['FMS', 'FTM'];

/** Two users lose the license, and a third should get it, with so many more in use than were bought. */
function planWith(tooMany: number) {
  return planOf({
    templates: [aTemplate(['FMS']), aTemplate(['CF'], { group: 'g' })],
    users: [
      aUser({ id: 'ann', holds: [...messaging, 'CF'] }),
      aUser({ id: 'bob', holds: [...messaging, 'CF'] }),
      aUser({ id: 'cleo', holds: messaging, groups: ['g'] }),
    ],
    licenses: licensesWith(aLicense('CF', { total: 10, used: 10 + tooMany })),
    preserveLicenses: false,
  });
}

describe('a license of which more units are used than were bought', () => {
  it.each([
    [0, 'planned', { taken: 1, freed: 2, unitsLeft: 0, unitsLeftAfter: 1, waiting: 0 }],
    [1, 'planned', { taken: 1, freed: 2, unitsLeft: 0, unitsLeftAfter: 0, waiting: 0 }],
    [2, 'waiting-for-seat', { taken: 0, freed: 2, unitsLeft: 0, unitsLeftAfter: 0, waiting: 1 }],
    [9, 'waiting-for-seat', { taken: 0, freed: 2, unitsLeft: 0, unitsLeftAfter: 0, waiting: 1 }],
  ])('R46 frees a unit only once the overuse of %i is made good', (tooMany, outcome, units) => {
    const plan = planWith(tooMany);
    expect(plan.of('cleo').outcome).toBe(outcome);
    expect(plan.summary.units.find(({ offer }) => offer === 'CF')).toMatchObject(units);
  });
});
