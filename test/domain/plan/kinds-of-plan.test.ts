import { kindOf } from '../../../src/domain/kinds/kind-of';
import type { RolloutChange } from '../../../src/domain/request/rollout-request';
import { aTemplate, aUser, changesOf, licenseId, planOf } from '../builders';

const codes = (plan: ReturnType<typeof planOf>) =>
  plan.summary.warnings.map(({ code, rule }) => `${code} ${rule}`);

describe('plans that are not plain rollouts of a template', () => {
  const preview: RolloutChange = {
    kind: 'preview',
    scope: { kind: 'organization' },
    name: 'Tried',
    entitlements: [{ offer: 'MS' }],
  };
  const ann = aUser({ holds: ['FTC'] });

  it('R13a R19 a preview plans and warns like the rollout that it stands for', () => {
    const template = aTemplate(['MS'], { id: 'preview' });
    const asked = { templates: [template], users: [ann], preserveLicenses: false };
    const shown = planOf({ ...asked, change: preview, existingUsers: true });
    const change = { kind: 'template' as const, templateId: 'preview', revision: 1 };
    const real = planOf({ ...asked, change, existingUsers: true });
    expect(changesOf(shown.of('ann'))).toBe(changesOf(real.of('ann')));
    expect(codes(shown)).toEqual(codes(real));
    expect(codes(shown)).toContain('free-offer-lost R13a');
  });

  it('R23 a preview for future users changes nobody, and says so', () => {
    const plan = planOf({ change: preview, users: [ann], existingUsers: false });
    expect(plan.summary.planned).toBe(0);
    expect(codes(plan)).toEqual(['no-existing-users R23']);
  });

  it.each([
    ['preview', preview, expect.stringContaining('Save the template')],
    ['template', { kind: 'template', templateId: 't', revision: 1 } as const, null],
    ['delete-template', { kind: 'delete-template', templateId: 't' } as const, null],
    ['reconcile', { kind: 'reconcile' } as const, null],
  ])('tells whether a plan of kind %s can be started', (_, change, expected) => {
    expect(kindOf(change).neverStarts).toEqual(expected);
  });

  it('R31 without existing users it says who loses something all the same', () => {
    const templates = [aTemplate(['FMS'])];
    const change: RolloutChange = {
      kind: 'template',
      templateId: 'organization',
      revision: 1,
      removedServices: { preserve: false },
    };
    const users = [aUser({ holds: ['RTT'], origins: { RTT: 'organization' } })];
    const plan = planOf({ change, templates, users, existingUsers: false });
    expect(changesOf(plan.of('ann'))).toBe('-RTT');
    expect(codes(plan)).toEqual(['no-existing-users R31']);
  });

  it('R81 adding services again warns about the time it takes and what remains lost', () => {
    const taken = [
      { kind: 'license' as const, licenseId: licenseId('FTC'), offer: 'FTC', site: null },
    ];
    const change: RolloutChange = { kind: 'restore-services', rolloutId: 'r' };
    const plan = planOf({ change, users: [aUser({ taken })] });
    expect(changesOf(plan.of('ann'))).toBe('+FTC');
    expect(codes(plan)).toEqual(['restores-access R81']);
    const nothing = planOf({ change, users: [aUser({ taken, holds: ['FTC'] })] });
    expect([nothing.summary.planned, codes(nothing)]).toEqual([0, []]);
  });
});
