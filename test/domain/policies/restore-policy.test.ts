import { aTarget, aTemplate, aUser, changesOf, planOf, siteA, type UserSpec } from '../builders';

function restored(user: UserSpec, taken: string[]) {
  return planOf({
    change: { kind: 'restore-services', rolloutId: 'earlier' },
    templates: [aTemplate(['RTT'])],
    users: [aUser({ ...user, taken: taken.map(aTarget) }), aUser({ id: 'bob', holds: ['RTT'] })],
  });
}

describe('restoring what was turned off', () => {
  it.each([
    ['R81 R61 adds again what was removed, prerequisites first', {}, '+FMS +FTM +MS +CF'],
    ['R81 adds nothing that is held', { holds: ['FMS', 'FTM'] }, '+MS +CF'],
    ['R81 removes nothing', { holds: ['RTT', 'FTC'], attends: [siteA] }, '+FMS +FTM +MS +CF'],
  ])('%s', (_, user, changes) => {
    const row = restored(user, ['CF', 'MS', 'FTM', 'FMS']).of('ann');
    expect(changesOf(row)).toBe(changes);
    expect(row.changes.every(({ reason }) => reason.code === 'restored')).toBe(true);
  });

  it('R81 reaches only users from whom something was removed', () => {
    const { rows } = restored({}, ['FTC']);
    expect(rows.map(({ personId }) => personId)).toEqual(['ann']);
    expect(restored({}, []).rows).toEqual([]);
  });
});
