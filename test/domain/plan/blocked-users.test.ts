import { aTemplate, aUser, changesOf, planOf, someLicenses, type UserSpec } from '../builders';

function rowFor(user: UserSpec, grants: string[], preserveLicenses: boolean) {
  return planOf({ templates: [aTemplate(grants)], users: [aUser(user)], preserveLicenses }).of(
    'ann',
  );
}

describe('R56 an organization that does not list FTM', () => {
  it('is no obstacle to messaging: FTM comes automatically', () => {
    const licenses = someLicenses().filter(({ offer }) => offer !== 'FTM');
    const plan = planOf({
      templates: [aTemplate(['MS', 'FMS'])],
      users: [aUser({ holds: ['RTT'] })],
      licenses,
      preserveLicenses: false,
    });
    expect(changesOf(plan.of('ann'))).toBe('-RTT +FMS +MS');
    expect(plan.of('ann').blocked).toEqual([]);
  });
});

describe('Calling exclusions (R60)', () => {
  it.each([
    ['Professional to Standard is a refused downgrade', ['WXCSTD'], ['BCSTD'], true],
    ['… with preserve off too', ['WXCSTD'], ['BCSTD'], false],
    ['Customer Assist to Standard is a refused downgrade', ['WXCSTD'], ['WXCCA'], false],
    ['Professional beside a kept Standard', ['BCSTD'], ['WXCSTD'], true],
    ['Attendant Console without Professional', ['WXCAC'], [], true],
    ['Customer Assist beside a kept Standard', ['WXCCA'], ['WXCSTD'], true],
    ['Standard and Professional from two templates', ['WXCSTD', 'BCSTD'], [], true],
  ])('R60 %s is blocked', (_, grants, holds, preserve) => {
    const row = rowFor({ holds: [...holds, 'FTC'] }, [...grants, 'FTC'], preserve);
    expect(row.outcome).toBe('blocked');
    expect(row.blocked).toContainEqual(expect.objectContaining({ code: 'forbidden', rule: 'R60' }));
    expect(changesOf(row)).toBe('');
  });

  it('R60 Standard to Professional is one call with preserve off', () => {
    expect(changesOf(rowFor({ holds: ['WXCSTD'] }, ['BCSTD'], false))).toBe('-WXCSTD +BCSTD');
  });

  it('R60 Attendant Console comes after Professional', () => {
    expect(changesOf(rowFor({}, ['WXCAC', 'BCSTD'], true))).toBe('+BCSTD +WXCAC');
  });
});

describe('licenses that are not there', () => {
  const licenses = someLicenses().filter(({ offer }) => offer !== 'RTT');
  const plan = planOf({
    templates: [aTemplate(['RTT', 'FTC'])],
    users: [aUser({ holds: ['CF'] })],
    licenses,
    preserveLicenses: false,
  });

  it('blocks what was granted, adds the rest, and removes nothing from that user', () => {
    const row = plan.of('ann');
    expect(changesOf(row)).toBe('+FTC');
    expect(row.blocked.map(({ code }) => code)).toEqual(['no-license']);
    expect(row.waiting).toHaveLength(1);
  });

  it('warns which template grants what is gone', () => {
    expect(plan.summary.warnings).toContainEqual(
      expect.objectContaining({ code: 'license-gone', text: expect.stringContaining('RTT') }),
    );
  });

  it('R53 blocks what needs a license that cannot be had', () => {
    const without = someLicenses().filter(({ offer }) => offer !== 'FMS');
    const users = [aUser()];
    const row = planOf({ templates: [aTemplate(['MS'])], users, licenses: without }).of('ann');
    expect(row.outcome).toBe('blocked');
    expect(row.blocked.map(({ code }) => code)).toEqual(['no-license', 'forbidden', 'forbidden']);
  });
});
