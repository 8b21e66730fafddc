import { aUser, planOf } from './builders';

const change = (services: ('messaging' | 'calling')[]) => ({
  change: { kind: 'remove-services' as const, services, from: { organization: true as const } },
});
const users = [aUser({ holds: ['FMS', 'FTM', 'FTC'] }), aUser({ id: 'bob', holds: ['FTC'] })];

describe('the warnings of a plan that turns messaging off', () => {
  const { summary } = planOf({ ...change(['messaging']), users });
  const text = summary.warnings.find(({ rule }) => rule === 'R84')?.text ?? '';

  it.each([
    '1 user would lose access to all spaces and messages',
    "colleagues can't invite them to a space, make a space with them or start a 1:1",
    'the control stays visible, but inactive',
    'in an existing 1:1 space a colleague can still post',
    "a sender of another organization isn't told that a message doesn't arrive",
  ])('R84 say: %s', (said) => {
    expect(text).toContain(said);
  });

  it('R84 say nothing of it where only calling is turned off', () => {
    const calling = planOf({ ...change(['calling']), users });
    expect(calling.summary.warnings.filter(({ rule }) => rule === 'R84')).toEqual([]);
  });
});
