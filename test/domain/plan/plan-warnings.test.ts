import {
  aCsvRow,
  aLicense,
  aTemplate,
  aUser,
  licensesWith,
  planOf,
  someSettings,
  type Story,
} from '../builders';

const change = (services: ('messaging' | 'calling')[]) => ({
  change: { kind: 'remove-services' as const, services, from: { organization: true as const } },
});
const users = [aUser({ holds: ['FMS', 'FTM', 'FTC'] }), aUser({ id: 'bob', holds: ['FTC'] })];

describe('the warnings of a plan that turns messaging off', () => {
  const { summary } = planOf({ ...change(['messaging']), users });
  const text = summary.warnings.find(({ rule }) => rule === 'R84')?.text ?? '';

  it.each([
    '1 user would lose access to all spaces and messages',
    "Colleagues can't invite them to a space, create a space with them or start a 1:1",
    'the control is visible but inactive',
    'In an existing 1:1 space a colleague can still post',
    "A sender from another organization isn't told that a message doesn't arrive",
  ])('R84 say: %s', (said) => {
    expect(text).toContain(said);
  });

  it('R84 say nothing of it where only calling is turned off', () => {
    const calling = planOf({ ...change(['calling']), users });
    expect(calling.summary.warnings.filter(({ rule }) => rule === 'R84')).toEqual([]);
  });
});

describe('a file that grants what is in several subscriptions', () => {
  const licenses = licensesWith(aLicense('MS#1', { total: 1 }), aLicense('MS#2', { total: 1 }));
  const warned = (subscriptions: { id: string; startsOn: string }[]) =>
    planOf({
      change: { kind: 'csv', importId: 'file', mode: 'add' },
      users: [aUser({ csv: aCsvRow({ MS: true }) })],
      licenses,
      settings: someSettings({ subscriptions }),
    }).summary.warnings.filter(({ rule }) => rule === 'R44');

  it('R44 is warned of those whose age is not configured', () => {
    const [warning] = warned([{ id: 'Sub-1', startsOn: '2021-01-01' }]);
    expect(warning?.text).toContain(
      'The settings give no start date for Sub-2: those with a date are used first, then the others in the order of their ids.',
    );
  });

  it('R44 is not warned where the age of all is known', () => {
    const known = ['1', '2'].map((n) => ({ id: `Sub-${n}`, startsOn: `202${n}-01-01` }));
    expect(warned(known)).toEqual([]);
  });
});

describe('waves that leave somebody', () => {
  const users = Array.from({ length: 20 }, (_, n) => aUser({ id: `user${String(n)}` }));
  const warned = (waves: Story['waves']) =>
    planOf({ templates: [aTemplate(['RTT'])], users, waves })
      .summary.warnings.filter(({ code }) => code === 'last-wave-takes-rest')
      .map(({ text }) => text);

  it('R79 warns how many users the last wave has beyond the requested number', () => {
    expect(warned([{ size: { percent: 10 } }, { size: { percent: 20 } }])).toEqual([
      'The requested waves leave out 14 users. The last wave includes them.',
    ]);
  });

  it.each([[[{ size: { percent: 100 } }]], [[{ size: { count: 5 } }, { size: { percent: 75 } }]]])(
    'R79 says nothing where %j takes everybody',
    (waves) => {
      expect(warned(waves)).toEqual([]);
    },
  );
});
