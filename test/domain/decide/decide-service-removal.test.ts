import {
  aTemplate,
  aUser,
  changesOf,
  licensesWith,
  planOf,
  someLicenses,
  someSettings,
} from '../builders';

describe('turning services off', () => {
  const off = (services: ('messaging' | 'calling')[], holds: string[], licenses = someLicenses()) =>
    planOf({
      change: { kind: 'remove-services', services, from: { organization: true } },
      users: [aUser({ holds })],
      licenses,
      settings: someSettings(),
    }).of('ann');

  it.each([
    ['R58 removes FMS, MS, FTM and CF for messaging', ['messaging'], '-CF -MS -FTM -FMS'],
    ['R59 removes FTC for calling, and keeps messaging', ['calling'], '-FTC'],
    ['R58 R59 removes both services', ['messaging', 'calling'], '-FTC -CF -MS -FTM -FMS'],
  ] as const)('%s', (_, services, expected) => {
    const row = off([...services], ['FMS', 'MS', 'FTM', 'CF', 'FTC', 'FSS', 'RTT']);
    expect(changesOf(row)).toBe(expected);
  });

  it('R54 says that the others go with Basic Messaging', () => {
    const reasons = off(['messaging'], ['FMS', 'MS']).changes.map(({ reason }) => reason.rule);
    expect(reasons).toEqual(['R54', 'R58']);
  });

  it('R57 leaves FSS alone', () => {
    expect(off(['messaging', 'calling'], ['FSS']).outcome).toBe('unchanged');
  });

  it('R59a R104 names the templates that grant it to users in scope, with their number', () => {
    const templates = [
      aTemplate(['FTC']),
      aTemplate(['MS'], { group: 'sales' }),
      aTemplate(['FMS'], { group: 'nobody-is-in-it' }),
      aTemplate(['RTT'], { group: 'it' }),
    ];
    const { summary } = planOf({
      change: { kind: 'remove-services', services: ['messaging'], from: { organization: true } },
      templates,
      users: [
        aUser({ id: 'ann', groups: ['sales'] }),
        aUser({ id: 'ben', groups: ['sales', 'it'] }),
        aUser({ id: 'cleo', groups: ['it'] }),
        aUser({ id: 'dan', groups: ['sales'], isLeftOut: true }),
      ],
      licenses: licensesWith(),
    });
    const texts = summary.warnings.map(({ text }) => text);
    expect(texts).toEqual([
      'Template "Template of-sales" grants 2 users what this plan turns off, and would add it again.',
    ]);
  });
});
