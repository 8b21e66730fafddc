import {
  aCsvRow,
  aLicense,
  aTarget,
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

describe('a plan that adds what was turned off on purpose', () => {
  const off = (id: string) => ({ ...aUser({ id }), turnedOff: ['FMS', 'FTM'] });
  const ids = Array.from({ length: 14 }, (_, n) => `user${String(n).padStart(2, '0')}`);
  const texts = (story: Omit<Story, 'users'>, users = [...ids.map(off), aUser({ id: 'zoe' })]) =>
    planOf({ ...story, users })
      .summary.warnings.filter(({ code }) => code === 'turned-on-again')
      .map(({ text }) => text);

  it('R104 says to whom it gives what back, by name and number, in any order of input', () => {
    const templates = [aTemplate(['FMS', 'RTT'])];
    const named = ids
      .slice(0, 10)
      .map((id) => `${id}@acme.com`)
      .join(', ');
    const expected = ['Basic Messaging (FMS)', 'Basic Space Meetings (FTM)'].map(
      (what) =>
        `14 users would get back ${what}, which was turned off for them on purpose: ${named} and 4 more.`,
    );
    expect(texts({ templates })).toEqual(expected);
    expect(texts({ templates }, ids.map(off).reverse())).toEqual(expected);
  });

  it('R104 says nothing where the plan gives nothing of it back', () => {
    expect(texts({ templates: [aTemplate(['RTT'])] })).toEqual([]);
    expect(texts({ templates: [aTemplate(['FMS'])], except: { offers: ['FMS'] } })).toEqual([]);
  });

  it('R104 shows it at the user', () => {
    const row = planOf({ templates: [aTemplate(['FMS'])], users: [off('ann')] }).of('ann');
    expect(row.kept).toContainEqual(
      expect.objectContaining({ code: 'turned-on-again', rule: 'R104' }),
    );
  });

  it('R81 R104 is not warned of by a rollout that restores services', () => {
    const taken = [aTarget('FMS')];
    const users = [{ ...aUser({ taken }), turnedOff: ['FMS'] }];
    expect(texts({ change: { kind: 'restore-services', rolloutId: 'x' } }, users)).toEqual([]);
  });
});

describe('users who are named for the pilot', () => {
  /** Each needs a unit of the license that the other user frees. */
  const swap = (pilotHolds: string[]) =>
    planOf({
      templates: [aTemplate(['CJPSTD'], { group: 'takers' }), aTemplate(['FTC'])],
      licenses: licensesWith(
        aLicense('CJPSTD', { total: 1, used: 1 }),
        aLicense('RTT', { total: 9 }),
      ),
      users: [
        aUser({ id: 'giver', holds: ['CJPSTD'] }),
        aUser({ id: 'named', groups: ['takers'], holds: pilotHolds, inPilot: true }),
        aUser({ id: 'other', inPilot: true, holds: pilotHolds }),
      ],
      change: { kind: 'template', templateId: 'organization', revision: 1 },
      preserveLicenses: false,
      pilot: { users: ['named', 'other'] },
      settings: someSettings(),
    });
  const warned = (plan: ReturnType<typeof swap>) =>
    plan.summary.warnings.filter(({ rule }) => rule === 'R79');

  it('R79 R46 are named where they are written in a later wave, after those who free their units', () => {
    const plan = swap([]);
    expect(plan.of('named').wave).toBe(1);
    expect(plan.of('other').wave).toBe(0);
    expect(warned(plan)).toEqual([
      {
        code: 'pilot-moved',
        text: '1 user who is named for the pilot is written in a later wave, because they need units that other users free first: named@acme.com.',
        rule: 'R79',
      },
    ]);
  });

  it('R79 are named as well where nobody is left in the pilot', () => {
    const plan = swap(['FTC']);
    expect(warned(plan).map(({ code }) => code)).toEqual(['pilot-moved', 'pilot-empty']);
  });
});
