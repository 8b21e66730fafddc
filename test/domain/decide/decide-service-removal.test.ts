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

  it('R59a names every template that would add it again', () => {
    const templates = [
      aTemplate(['FTC']),
      aTemplate(['MS'], { group: 'sales' }),
      aTemplate(['RTT'], { group: 'it' }),
    ];
    const { summary } = planOf({
      change: { kind: 'remove-services', services: ['messaging'], from: { organization: true } },
      templates,
      users: [],
      licenses: licensesWith(),
    });
    const texts = summary.warnings.map(({ text }) => text);
    expect(texts).toEqual([expect.stringContaining('"Template of-sales"')]);
  });
});
