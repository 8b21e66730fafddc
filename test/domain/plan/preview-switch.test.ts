import { aTemplate, aUser, changesOf, planOf, siteA } from '../builders';

describe('a preview of the other side', () => {
  const change = {
    kind: 'preview' as const,
    scope: { kind: 'organization' as const },
    name: 'Everybody',
    entitlements: [{ offer: 'MS' }],
    switchesSide: true as const,
  };

  it('R2 says that saving it means switching sides', () => {
    const plan = planOf({
      change,
      templates: [aTemplate(['MS'])],
      users: [aUser({ holds: ['FMS'] }), aUser({ id: 'bob', holds: ['FMS', `EE@${siteA}`] })],
    });
    expect(plan.summary.warnings).toContainEqual(
      expect.objectContaining({ code: 'switches-side', rule: 'R2' }),
    );
    expect(changesOf(plan.of('ann'))).toContain('+MS');
  });
});
