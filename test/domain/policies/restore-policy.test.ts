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
    ['R81 R61 gives again what was taken, prerequisites first', {}, '+FMS +FTM +MS +CF'],
    ['R81 gives nothing twice', { holds: ['FMS', 'FTM'] }, '+MS +CF'],
    ['R81 takes nothing', { holds: ['RTT', 'FTC'], attends: [siteA] }, '+FMS +FTM +MS +CF'],
  ])('%s', (_, user, changes) => {
    const row = restored(user, ['CF', 'MS', 'FTM', 'FMS']).of('ann');
    expect(changesOf(row)).toBe(changes);
    expect(row.changes.every(({ reason }) => reason.code === 'restored')).toBe(true);
  });

  it('R81 reaches only those from whom something was taken', () => {
    const { rows } = restored({}, ['FTC']);
    expect(rows.map(({ personId }) => personId)).toEqual(['ann']);
    expect(restored({}, []).rows).toEqual([]);
  });
});
