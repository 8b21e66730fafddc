import type { CsvCell, CsvWish } from '../../../src/domain/csv/requested-cells';
import {
  aLicense,
  aUser,
  changesOf,
  licensesWith,
  planOf,
  siteA,
  type UserSpec,
} from '../builders';

/** `FMS` TRUE, `-FMS` FALSE, `attendee@site` likewise. */
function wish(...specs: string[]): CsvWish {
  const cells = specs.map((spec): CsvCell => {
    const [offer = '', site = null] = spec.replace(/^-/, '').split('@');
    const kind = offer === 'attendee' ? 'attendee' : 'license';
    return { kind, offer, site, granted: !spec.startsWith('-') };
  });
  return { line: 2, cells };
}

function plan(
  cells: string[],
  user: UserSpec = {},
  more: {
    mode?: 'add' | 'add-and-remove';
    isStale?: true;
    licenses?: Parameters<typeof licensesWith>;
  } = {},
) {
  const { mode = 'add-and-remove', isStale, licenses = [] } = more;
  const csv = { ...wish(...cells), ...(isStale ? { isStale } : {}) };
  return planOf({
    change: { kind: 'csv', importId: 'i', mode },
    users: [aUser({ ...user, csv }), aUser({ id: 'not-in-the-file', holds: ['MS'] })],
    licenses: licensesWith(...licenses),
    acknowledgeIrreversible: true,
  });
}

const host = `EE@${siteA}`;
const attendee = `attendee@${siteA}`;

describe('a rollout of a file', () => {
  it.each<[string, string[], UserSpec, string, string]>([
    ['FALSE takes', ['-MS'], { holds: ['FMS', 'FTM', 'MS'] }, '', '-MS'],
    ['TRUE adds', ['RTT'], { holds: ['FMS'] }, '+RTT', '+RTT'],
    ['TRUE for what is held', ['MS'], { holds: ['FMS', 'FTM', 'MS'] }, '', ''],
    ['FALSE for what is not held', ['-MS'], { holds: ['FMS'] }, '', ''],
    ['one of each', ['RTT', '-FTC'], { holds: ['FTC'] }, '+RTT', '-FTC +RTT'],
    ['no cell', [], { holds: ['MS'] }, '', ''],
    ['attendee', [attendee], {}, `+${attendee}`, `+${attendee}`],
    ['no attendee', [`-${attendee}`], { attends: [siteA] }, '', `-${attendee}`],
    [
      'host for an attendee',
      [host, `-${attendee}`],
      { attends: [siteA] },
      `-${attendee} +EE host@${siteA}`,
      `-${attendee} +EE host@${siteA}`,
    ],
    [
      'attendee for a host',
      [attendee, `-${host}`],
      { holds: [host] },
      '',
      `-EE host@${siteA} +${attendee}`,
    ],
  ])('R72 R73 %s', (_, cells, user, added, both) => {
    expect(changesOf(plan(cells, user, { mode: 'add' }).of('ann'))).toBe(added);
    expect(changesOf(plan(cells, user).of('ann'))).toBe(both);
  });

  it('R72 R76 includes only users of the file', () => {
    expect(plan(['RTT']).rows.map(({ personId }) => personId)).toEqual(['ann']);
  });

  it('R54 Basic Messaging FALSE removes what needs it in the same call', () => {
    const row = plan(['-FMS'], { holds: ['FMS', 'FTM', 'MS', 'CF'] }).of('ann');
    expect(changesOf(row)).toBe('-CF -MS -FTM -FMS');
  });

  it('R53 R56 TRUE brings what it cannot be without', () => {
    expect(changesOf(plan(['MS']).of('ann'))).toBe('+FMS +FTM +MS');
  });

  it.each<[string, string[], UserSpec]>([
    ['attendee for a host', [attendee], { holds: [host] }],
    ['a license held from two subscriptions', ['MS'], { holds: ['FMS', 'FTM', 'MS#1', 'MS#2'] }],
    ['Contact Center Standard for Premium', ['CJPSTD'], { holds: ['CJPPRM'] }],
  ])('R73 R40a R41 R45 TRUE takes nothing that no cell names: %s', (_, cells, user) => {
    const two = [aLicense('MS#1', { total: 9 }), aLicense('MS#2', { total: 9 })];
    expect(changesOf(plan(cells, user, { licenses: two }).of('ann'))).toBe('');
  });

  it('R41 replaces Contact Center Premium by Standard if the file asks for it', () => {
    const row = plan(['CJPSTD', '-CJPPRM'], { holds: ['CJPPRM'] }).of('ann');
    expect(changesOf(row)).toBe('-CJPPRM +CJPSTD');
  });

  it('R68 taking Calling by a file is irreversible, and named', () => {
    const { summary } = plan(['-BCSTD'], { holds: ['BCSTD'] });
    expect(summary.irreversibleRemovals).toEqual({ users: 1, named: ['ann@acme.com'] });
  });

  it('R46 a user of the file waits for a unit like any other', () => {
    const none = aLicense('RTT', { total: 1, used: 1 });
    expect(plan(['RTT'], {}, { licenses: [none] }).of('ann').outcome).toBe('waiting-for-seat');
  });

  it('R77 is blocked, and names what it would have changed, where licenses have changed since', () => {
    const row = plan(
      ['RTT', '-FTC', 'MS'],
      { holds: ['FTC', 'FMS', 'FTM', 'MS'] },
      { isStale: true },
    ).of('ann');
    expect([row.outcome, row.changes, row.waiting]).toEqual(['blocked', [], []]);
    expect(row.expected).toEqual(row.before);
    expect(row.blocked.map(({ code, rule }) => [code, rule])).toEqual([
      ['stale', 'R77'],
      ['stale', 'R77'],
    ]);
  });

  it('R77 is unchanged where others have done what the file asks', () => {
    const row = plan(['RTT'], { holds: ['RTT'] }, { isStale: true }).of('ann');
    expect(row.outcome).toBe('unchanged');
  });

  it('R72 says which line asked for a change', () => {
    const [change] = plan(['RTT']).of('ann').changes;
    expect(change?.reason).toMatchObject({ code: 'csv', text: 'line 2 says TRUE', rule: 'R72' });
  });
});
