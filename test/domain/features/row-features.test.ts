import fc from 'fast-check';
import { isNoticed } from '../../../src/domain/features/feature-totals';
import { featureLabel } from '../../../src/domain/features/feature-label';
import type { FeatureTotal } from '../../../src/domain/features/features';
import { rowFeatures, type FeatureRow } from '../../../src/domain/features/row-features';
import { anyStory } from '../any-story';
import { aTemplate, aUser, planOf, siteA, someSettings } from '../builders';

const { callingOffers } = someSettings();

function rowOf(given: Partial<FeatureRow> = {}): FeatureRow {
  const plan = planOf({
    templates: [aTemplate(['FMS', `EE@${siteA}`])],
    users: [aUser({ holds: ['FMS', 'FTM', 'FTC'] })],
    preserveLicenses: false,
  });
  const { before, changes, outcome } = plan.of('ann');
  return { before, changes, outcome, refused: null, writtenAt: null, ...given };
}

const labelsOf = (row: FeatureRow) =>
  rowFeatures(row, callingOffers)
    .filter(({ effect }) => effect !== 'not-stated')
    .map((one) => `${one.effect}: ${featureLabel(one)}`);

const planned = [
  "lost: call someone's Webex app (1:1)",
  'lost: call and voicemail menus',
  `gained: schedule a meeting on ${siteA}`,
];

describe('the features of a row', () => {
  it('R86 are those of the plan before it is written', () => {
    expect(labelsOf(rowOf())).toEqual(planned);
  });

  it.each(['applied', 'converged', 'unconverged'] as const)(
    'R82 R86 are those of the write once it is %s',
    (outcome) => {
      expect(labelsOf(rowOf({ outcome, writtenAt: new Date() }))).toEqual(planned);
    },
  );

  it('R86 leave out what Webex refused', () => {
    const { changes } = rowOf();
    const refused = changes.filter(({ operation }) => operation === 'remove');
    const row = rowOf({ outcome: 'partial', writtenAt: new Date(), refused });
    expect(labelsOf(row)).toEqual(planned.slice(2));
  });

  it.each(['withheld', 'failed', 'gone', 'conflict'] as const)(
    'R82 are none of a user who is %s: nobody has to be told',
    (outcome) => {
      const effects = rowFeatures(rowOf({ outcome }), callingOffers);
      expect(effects).toEqual([]);
      expect(isNoticed(effects)).toBe(false);
    },
  );

  it('R82 R86 add up to what the plan says of everybody', () => {
    const claim = (story: typeof anyStory extends fc.Arbitrary<infer S> ? S : never) => {
      const plan = planOf(story);
      const totals = new Map<string, FeatureTotal>();
      let toInform = 0;
      for (const row of plan.rows) {
        const stored = { ...row, refused: null, writtenAt: null };
        const effects = rowFeatures(stored, callingOffers);
        if (isNoticed(effects)) toInform += 1;
        for (const { feature, site, effect } of effects) {
          const none = { feature, site, lost: 0, gained: 0, limited: 0, notStated: 0 };
          const total = totals.get(`${feature} ${site ?? ''}`) ?? none;
          total[effect === 'not-stated' ? 'notStated' : effect] += 1;
          totals.set(`${feature} ${site ?? ''}`, total);
        }
      }
      const sorted = [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
      expect(plan.summary.features).toEqual(sorted);
      expect(plan.summary.usersToInform).toBe(toInform);
    };
    fc.assert(fc.property(anyStory, claim), { numRuns: 150 });
  });
});
