import {
  aTemplate,
  aUser,
  changesOf,
  licenseId,
  aLicense,
  planOf,
  siteA,
  siteB,
  someLicenses,
  someSettings,
  type UserSpec,
} from '../builders';

const free = ['FMS', 'FTM', 'FTC', 'FSS'];

interface Row {
  rule: string;
  grants: string[];
  holds?: string[];
  attends?: string[];
  on: string;
  off: string;
}

const hostA = `EE@${siteA}`;
const hostB = `EE@${siteB}`;
const attendeeA = `EE@${siteA}:attendee`;

/** What one call carries with preserve on and off. */
const table: Row[] = [
  {
    rule: 'R19 what is granted is added',
    grants: ['FMS', 'FTC'],
    holds: ['FMS', 'FTM'],
    on: '+FTC',
    off: '+FTC',
  },
  {
    rule: 'R19 what no template grants goes only with preserve off',
    grants: ['FMS', 'FTC'],
    holds: [...free, 'RTT'],
    on: '',
    off: '-RTT',
  },
  {
    rule: 'R13a a free offer that is left out is taken with preserve off',
    grants: ['FMS'],
    holds: free,
    on: '',
    off: '-FTC',
  },
  { rule: 'R45 who holds it needs nothing', grants: ['RTT'], holds: ['RTT'], on: '', off: '' },
  {
    rule: 'R45 held twice: off keeps the oldest',
    grants: ['RTT'],
    holds: ['RTT#2', 'RTT#1'],
    on: '',
    off: '-RTT',
  },
  {
    rule: 'R53 MS brings FMS, R56 and FMS brings FTM',
    grants: ['MS'],
    on: '+FMS +FTM +MS',
    off: '+FMS +FTM +MS',
  },
  {
    rule: 'R56 FTM stays with any messaging license',
    grants: ['FMS'],
    holds: ['FMS', 'FTM'],
    on: '',
    off: '',
  },
  {
    rule: 'R55 CF comes after what it needs (R61)',
    grants: ['CF', 'MS'],
    on: '+FMS +FTM +MS +CF',
    off: '+FMS +FTM +MS +CF',
  },
  {
    rule: 'R54 messaging goes in one call, dependents first (R61)',
    grants: ['FTC'],
    holds: ['FMS', 'MS', 'FTM', 'CF', 'FTC', 'FSS'],
    on: '',
    off: '-CF -MS -FTM -FMS',
  },
  {
    rule: 'R57 FSS is never granted nor taken',
    grants: ['FSS', 'FTC'],
    holds: ['FSS', 'FTC'],
    on: '',
    off: '',
  },
  {
    rule: 'R9 two sites are two licenses',
    grants: [hostA, hostB],
    on: `+EE host@${siteA} +EE host@${siteB}`,
    off: `+EE host@${siteA} +EE host@${siteB}`,
  },
  {
    rule: 'R9 another site is another license',
    grants: [hostB],
    holds: [hostA],
    on: `+EE host@${siteB}`,
    off: `-EE host@${siteA} +EE host@${siteB}`,
  },
  {
    rule: 'R34 attendee is a site',
    grants: [attendeeA],
    on: `+attendee@${siteA}`,
    off: `+attendee@${siteA}`,
  },
  {
    rule: 'R35 host beats attendee on one site',
    grants: [hostA, attendeeA],
    on: `+EE host@${siteA}`,
    off: `+EE host@${siteA}`,
  },
  {
    rule: 'R40 attendee to host is one call, preserve or not (R19b)',
    grants: [hostA],
    attends: [siteA],
    on: `-attendee@${siteA} +EE host@${siteA}`,
    off: `-attendee@${siteA} +EE host@${siteA}`,
  },
  {
    rule: 'R40 a host who is still attendee is host only',
    grants: [hostA],
    holds: [hostA],
    attends: [siteA],
    on: `-attendee@${siteA}`,
    off: `-attendee@${siteA}`,
  },
  {
    rule: 'R40a host stays under preserve, else becomes attendee',
    grants: [attendeeA],
    holds: [hostA],
    on: '',
    off: `-EE host@${siteA} +attendee@${siteA}`,
  },
  {
    rule: 'R19 an attendee account that nobody grants',
    grants: ['FTC'],
    holds: ['FTC'],
    attends: [siteB],
    on: '',
    off: `-attendee@${siteB}`,
  },
  {
    rule: 'R41 Standard and Premium together are Premium',
    grants: ['CJPSTD', 'CJPPRM'],
    on: '+CJPPRM',
    off: '+CJPPRM',
  },
  {
    rule: 'R41 Premium stays under preserve where Standard is granted',
    grants: ['CJPSTD'],
    holds: ['CJPPRM'],
    on: '',
    off: '-CJPPRM +CJPSTD',
  },
  {
    rule: 'R19b Standard gives way to Premium under preserve too',
    grants: ['CJPPRM'],
    holds: ['CJPSTD'],
    on: '-CJPSTD +CJPPRM',
    off: '-CJPSTD +CJPPRM',
  },
];

function rowFor(user: UserSpec, grants: string[], preserveLicenses: boolean) {
  const licenses = [...someLicenses(), aLicense('RTT#2', { total: 10 })];
  const users = [aUser(user)];
  return planOf({ templates: [aTemplate(grants)], users, licenses, preserveLicenses }).of('ann');
}

describe('what changes for one user', () => {
  it.each(table)('$rule', ({ grants, holds = [], attends = [], on, off }) => {
    expect(changesOf(rowFor({ holds, attends }, grants, true))).toBe(on);
    expect(changesOf(rowFor({ holds, attends }, grants, false))).toBe(off);
  });

  it.each([
    ['R19 kept, because preserve is on', { holds: ['RTT'] }, ['FTC'], 'preserved', 'R19'],
    ['R57 FSS is implicit', { holds: ['FSS'] }, ['FTC'], 'implicit', 'R57'],
    [
      'R45 held from a second subscription',
      { holds: ['RTT#1', 'RTT#2'] },
      ['RTT'],
      'held-twice',
      'R45',
    ],
    ['R45 granted and held', { holds: ['RTT'] }, ['RTT'], 'right-already', 'R45'],
    ['R40a host is kept', { holds: [hostA] }, [attendeeA], 'host-kept', 'R40a'],
    ['R41 Premium is kept', { holds: ['CJPPRM'] }, ['CJPSTD'], 'preserved', 'R41'],
    ['R45 an unlisted license is reported', { holds: ['WAM'] }, ['FTC'], 'unlisted', 'R45'],
  ])('%s and says so', (_, user, grants, code, rule) => {
    const { kept } = rowFor(user, grants, true);
    expect(kept).toContainEqual(expect.objectContaining({ code, rule }));
  });

  it('R45 a younger subscription counts as holding: no pointless move', () => {
    expect(rowFor({ holds: ['RTT#2'] }, ['RTT'], false).outcome).toBe('unchanged');
  });

  it('R45 held twice keeps the license of the oldest subscription', () => {
    const { changes } = rowFor({ holds: ['RTT#1', 'RTT#2'] }, ['RTT'], false);
    expect(changes.map(({ target }) => target)).toEqual([
      { kind: 'license', licenseId: licenseId('RTT#2'), offer: 'RTT', site: null },
    ]);
  });

  describe('held twice, with preserve off', () => {
    const keeps = (ends: Record<string, string>, holds = ['RTT', 'RTT#2', 'RTT#3']) => {
      const subscriptions = ['1', '2', '3'].map((n) => ({
        id: `Sub-${n}`,
        startsOn: `202${n}-01-01`,
        ...(ends[n] === undefined ? {} : { endsOn: ends[n] }),
      }));
      const plenty = { total: 100 };
      const plan = planOf({
        templates: [aTemplate(['RTT'])],
        licenses: [aLicense('RTT', plenty), aLicense('RTT#2', plenty), aLicense('RTT#3', plenty)],
        users: [aUser({ holds })],
        settings: someSettings({ subscriptions }),
        preserveLicenses: false,
      });
      const { licenses } = plan.of('ann').expected;
      return holds.filter((copy) => licenses.includes(licenseId(copy)));
    };

    it.each([
      ['the oldest, if no subscription ends', {}, 'RTT'],
      ['the one without an end', { 1: '2030-01-01', 2: '2031-01-01' }, 'RTT#3'],
      ['the one that ends last', { 1: '2030-01-01', 2: '2031-01-01', 3: '2029-01-01' }, 'RTT#2'],
      ['the oldest of two without an end', { 1: '2030-01-01' }, 'RTT#2'],
      [
        'the oldest of those that end together',
        { 1: '2030-01-01', 2: '2031-01-01', 3: '2031-01-01' },
        'RTT#2',
      ],
    ])('R45 keeps %s', (_, ends, kept) => {
      expect(keeps(ends)).toEqual([kept]);
    });
  });

  it('R45 never removes a license that the organization does not list', () => {
    const row = rowFor({ holds: ['WAM', 'FTC'] }, ['FTC'], false);
    expect(row.outcome).toBe('unchanged');
    expect(row.expected.licenses).toContain(licenseId('WAM'));
  });

  it('R31b keeps what an unlisted license needs, and FTM with it (R56)', () => {
    const licenses = someLicenses().filter(({ offer }) => offer !== 'MS');
    const users = [aUser({ holds: ['FMS', 'FTM', 'MS', 'FTC'] })];
    const plan = planOf({
      templates: [aTemplate(['FTC'])],
      users,
      licenses,
      preserveLicenses: false,
    });
    expect(changesOf(plan.of('ann'))).toBe('');
    expect(plan.of('ann').kept).toContainEqual(expect.objectContaining({ code: 'needed' }));
  });

  it('R19b a replacement is marked on both halves', () => {
    const { changes } = rowFor({ attends: [siteA] }, [hostA], true);
    expect(changes.map(({ replacement }) => replacement)).toEqual([true, true]);
  });

  it('an attendee account that no read shows is asked for, and never taken on suspicion', () => {
    const [attends, holds] = [null, [hostB]];
    expect(changesOf(rowFor({ attends }, [attendeeA], false))).toBe(`+attendee@${siteA}`);
    expect(changesOf(rowFor({ attends, holds }, [hostB], false))).toBe('');
  });
});
