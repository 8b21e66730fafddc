import {
  aCsvRow,
  aLicense,
  aTemplate,
  aUser,
  changesOf,
  licensesWith,
  planOf,
  siteA,
  siteB,
  type Story,
  type UserSpec,
} from '../builders';

const hostA = `EE@${siteA}`;

interface Row {
  rule: string;
  user: UserSpec;
  cells: Record<string, boolean>;
  /** In mode `add`, and in mode `add-and-remove`. */
  add: string;
  both: string;
}

const rows: Row[] = [
  {
    rule: 'R72 TRUE adds, FALSE is ignored or takes',
    user: { holds: ['RTT'] },
    cells: { FTC: true, RTT: false },
    add: '+FTC',
    both: '-RTT +FTC',
  },
  {
    rule: 'R73 a missing column changes nothing, whatever its origin',
    user: { holds: ['RTT', 'FTC'], attends: [siteB] },
    cells: { RTT: false },
    add: '',
    both: '-RTT',
  },
  {
    rule: 'R53 R56 MS brings what it needs',
    user: {},
    cells: { MS: true },
    add: '+FMS +FTM +MS',
    both: '+FMS +FTM +MS',
  },
  {
    rule: 'R54 FMS takes all of messaging along',
    user: { holds: ['FMS', 'FTM', 'MS', 'CF', 'FTC'] },
    cells: { FMS: false },
    add: '',
    both: '-CF -MS -FTM -FMS',
  },
  {
    rule: 'R56 FTM stays with an FMS that stays',
    user: { holds: ['FMS', 'FTM'] },
    cells: { FTM: false },
    add: '',
    both: '',
  },
  {
    rule: 'R55 FTM stays under a CF that no cell names (R31b)',
    user: { holds: ['FMS', 'FTM', 'CF'] },
    cells: { FTM: false },
    add: '',
    both: '',
  },
  {
    rule: 'R40 attendee gives way to host',
    user: { attends: [siteA] },
    cells: { [hostA]: true },
    add: `-attendee@${siteA} +EE host@${siteA}`,
    both: `-attendee@${siteA} +EE host@${siteA}`,
  },
  {
    rule: 'R35 both TRUE is host',
    user: {},
    cells: { [hostA]: true, [`attendee:${siteA}`]: true },
    add: `+EE host@${siteA}`,
    both: `+EE host@${siteA}`,
  },
  {
    rule: 'R40a attendee TRUE and host FALSE makes a host attendee where removing is allowed',
    user: { holds: [hostA] },
    cells: { [hostA]: false, [`attendee:${siteA}`]: true },
    add: '',
    both: `-EE host@${siteA} +attendee@${siteA}`,
  },
  {
    rule: 'R73 R40 attendee TRUE leaves a host of whom no cell speaks, and never makes both',
    user: { holds: [hostA, 'CJPPRM'] },
    cells: { [`attendee:${siteA}`]: true, CJPPRM: false, CJPSTD: true },
    add: '',
    both: '-CJPPRM +CJPSTD',
  },
  {
    rule: 'R72 attendee FALSE ends the attendee account',
    user: { attends: [siteA, siteB] },
    cells: { [`attendee:${siteA}`]: false },
    add: '',
    both: `-attendee@${siteA}`,
  },
  {
    rule: 'R41 R73 Standard TRUE adds nothing to a Premium that no cell names',
    user: { holds: ['CJPPRM'] },
    cells: { CJPSTD: true },
    add: '',
    both: '',
  },
  {
    rule: 'R57 FSS can be asked for neither way',
    user: { holds: ['FSS'] },
    cells: { FSS: false },
    add: '',
    both: '',
  },
  {
    rule: 'R60 what a license of which no cell speaks excludes is blocked',
    user: { holds: ['WXCSTD'] },
    cells: { BCSTD: true },
    add: '',
    both: '',
  },
];

function imported(user: UserSpec, mode: 'add' | 'add-and-remove', story: Partial<Story> = {}) {
  return planOf({
    change: { kind: 'csv', importId: 'i', mode },
    templates: [aTemplate(['MS', 'RTT'])],
    users: [aUser(user), aUser({ id: 'not-in-the-file' })],
    ...story,
  });
}

describe('a CSV import', () => {
  it.each(rows)('$rule', ({ user, cells, add, both }) => {
    const one = { ...user, csv: aCsvRow(cells) };
    expect(changesOf(imported(one, 'add').of('ann'))).toBe(add);
    expect(changesOf(imported(one, 'add-and-remove').of('ann'))).toBe(both);
  });

  it('R73 touches nobody who is not in the file', () => {
    const { rows } = imported({ csv: aCsvRow({ FTC: true }) }, 'add');
    expect(rows.map(({ personId }) => personId)).toEqual(['ann']);
  });

  it('R72 names the line that asked for it', () => {
    const { changes } = imported({ csv: aCsvRow({ RTT: true }) }, 'add').of('ann');
    expect(changes[0]?.reason).toMatchObject({
      code: 'csv',
      text: 'line 2 says TRUE',
      templates: [],
    });
  });

  it('R73 R45 a second subscription of what is TRUE stays: no cell takes it', () => {
    const licenses = licensesWith(
      aLicense('RTT', { total: 9, used: 1 }),
      aLicense('RTT#2', { total: 9, used: 1 }),
    );
    const user = { holds: ['RTT', 'RTT#2'], csv: aCsvRow({ RTT: true }) };
    const row = imported(user, 'add-and-remove', { licenses }).of('ann');
    expect([changesOf(row), row.kept.map(({ code }) => code)]).toEqual([
      '',
      ['right-already', 'held-twice'],
    ]);
  });

  it('R68 counts Calling that the file removes', () => {
    const user = { holds: ['BCSTD'], csv: aCsvRow({ BCSTD: false }) };
    const { summary } = imported(user, 'add-and-remove');
    expect(summary.irreversibleRemovals.users).toBe(1);
  });
});
