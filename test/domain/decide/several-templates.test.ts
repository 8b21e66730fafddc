import { aTemplate, aUser, changesOf, planOf } from '../builders';

describe('a plan from several templates', () => {
  it('R19a preserve off compares with all templates, not with the saved one alone', () => {
    const templates = [aTemplate(['FTC']), aTemplate(['RTT'], { group: 'sales' })];
    const users = [aUser({ holds: ['FTC', 'RTT'], groups: ['sales'] })];
    expect(changesOf(planOf({ templates, users, preserveLicenses: false }).of('ann'))).toBe('');
  });

  it('R11 any change of a template recomputes the whole desired set', () => {
    const templates = [aTemplate(['RTT'], { group: 'sales' }), aTemplate(['FTC'])];
    const users = [aUser({ groups: ['sales'] })];
    expect(changesOf(planOf({ templates, users }).of('ann'))).toBe('+FTC +RTT');
  });
});
