import {
  aLicense,
  aTemplate,
  aUser,
  changesOf,
  licensesWith,
  type Plan,
  planOf,
  siteA,
  siteB,
  someLicenses,
  someSettings,
  type UserSpec,
} from '../builders';
import type { Template } from '../../../src/domain/model/template';

const hostA = `EE@${siteA}`;
const attendeeA = `EE@${siteA}:attendee`;

interface Withdrawal {
  rule: string;
  /** Of the template of group `g` that ends, and of which the user is a member. */
  user: UserSpec;
  others?: Template[];
  changes: string;
  kept?: string[];
  blocked?: string[];
}

const organization = (...grants: string[]) => [aTemplate(grants)];

/** The template `gone` of group `g` ends with `preserve: false`. */
const deletions: Withdrawal[] = [
  {
    rule: 'R30 takes what the template gave',
    user: { holds: ['RTT', 'FTC'], origins: { RTT: 'gone', FTC: 'gone' } },
    changes: '-FTC -RTT',
  },
  {
    rule: 'R30 leaves what another template grants',
    user: { holds: ['RTT', 'FTC'], origins: { RTT: 'gone', FTC: 'gone' } },
    others: organization('RTT'),
    changes: '-FTC',
    kept: ['right-already RTT'],
  },
  {
    rule: 'R31a R30 keeps what was given by hand, by another template, with the user, or automatically',
    user: {
      holds: ['RTT', 'MS', 'FMS', 'FTM', 'FTC', hostA],
      origins: {
        RTT: 'manual',
        MS: 'of-h',
        FMS: 'implicit',
        FTM: 'implicit',
        FTC: 'gone',
        [hostA]: 'explicit',
      },
    },
    changes: '-FTC',
    kept: ['given-otherwise RTT', 'given-otherwise MS', `given-otherwise EE@${siteA}`],
  },
  {
    rule: 'R31a R30 never takes what was held before we looked, and lists it',
    user: { holds: ['RTT', 'FTC'], origins: { RTT: 'unknown' } },
    changes: '',
    kept: ['unknown-origin RTT', 'unknown-origin FTC'],
  },
  {
    rule: 'R31b FMS stays under an MS that stays',
    user: {
      holds: ['FMS', 'FTM', 'MS', 'FTC'],
      origins: { FMS: 'gone', FTM: 'gone', MS: 'manual', FTC: 'gone' },
    },
    changes: '-FTC',
    kept: ['needed FMS', 'needed FTM', 'given-otherwise MS'],
  },
  {
    rule: 'R31b FTM stays with an FMS that stays (R56)',
    user: { holds: ['FMS', 'FTM'], origins: { FMS: 'unknown', FTM: 'gone' } },
    changes: '',
    kept: ['needed FTM', 'unknown-origin FMS'],
  },
  {
    rule: 'R30 R54 messaging that the template gave goes in one call, dependents first',
    user: {
      holds: ['FMS', 'FTM', 'MS', 'CF'],
      origins: { FMS: 'gone', FTM: 'gone', MS: 'gone', CF: 'gone' },
    },
    changes: '-CF -MS -FTM -FMS',
  },
  {
    rule: 'R30 R53 what another template needs stays: MS there keeps FMS and FTM here',
    user: {
      holds: ['FMS', 'FTM', 'MS'],
      origins: { FMS: 'gone', FTM: 'gone', MS: 'organization' },
    },
    others: organization('MS'),
    changes: '',
    kept: ['right-already FMS', 'right-already FTM', 'right-already MS'],
  },
  {
    rule: 'R40 R30 a host whom another template makes attendee ends as attendee',
    user: { holds: [hostA], origins: { [hostA]: 'gone' } },
    others: organization(attendeeA),
    changes: `-EE host@${siteA} +attendee@${siteA}`,
  },
  {
    rule: 'R40a R30 a host by hand stays host, whatever else grants attendee',
    user: { holds: [hostA], origins: { [hostA]: 'manual' } },
    others: organization(attendeeA),
    changes: '',
    kept: [`given-otherwise EE@${siteA}`],
  },
  {
    rule: 'R40 R30 an attendee whom another template makes host ends as host',
    user: { attends: [siteA], origins: { [`attendee:${siteA}`]: 'gone' } },
    others: organization(hostA),
    changes: `-attendee@${siteA} +EE host@${siteA}`,
  },
  {
    rule: 'R30 an attendee account that the template gave goes, another one stays (R31a)',
    user: {
      attends: [siteA, siteB],
      origins: { [`attendee:${siteA}`]: 'gone', [`attendee:${siteB}`]: 'manual' },
    },
    changes: `-attendee@${siteA}`,
    kept: [`given-otherwise attendee@${siteB}`],
  },
  {
    rule: 'R41 R30 Premium gives way to a Standard that another template grants',
    user: { holds: ['CJPPRM'], origins: { CJPPRM: 'gone' } },
    others: organization('CJPSTD'),
    changes: '-CJPPRM +CJPSTD',
  },
  {
    rule: 'R41 R30 Premium given by hand stays, and Standard adds nothing',
    user: { holds: ['CJPPRM'], origins: { CJPPRM: 'manual' } },
    others: organization('CJPSTD'),
    changes: '',
    kept: ['given-otherwise CJPPRM'],
  },
  {
    rule: 'R41 R30 Standard gives way to a Premium that another template grants',
    user: { holds: ['CJPSTD'], origins: { CJPSTD: 'gone' } },
    others: organization('CJPPRM'),
    changes: '-CJPSTD +CJPPRM',
  },
  {
    rule: 'R30 gives nothing that the user did not lose: what others grant is not its business (R23)',
    user: { holds: ['FTC'], origins: { FTC: 'gone' } },
    others: organization('MS', hostA),
    changes: '-FTC',
  },
  {
    rule: 'R57 R30 FSS is never taken, whatever the records say',
    user: { holds: ['FSS'], origins: { FSS: 'gone' } },
    changes: '',
    kept: ['implicit FSS'],
  },
  {
    rule: 'R30 never touches what the organization does not list',
    user: { holds: ['WAM'], origins: { WAM: 'gone' } },
    changes: '',
    kept: ['unlisted WAM'],
  },
];

function notes(list: Plan['rows'][number]['kept']): string[] {
  return list.map(({ code, target }) => {
    if (target.kind === 'attendee') return `${code} attendee@${target.site}`;
    return `${code} ${target.offer}${target.site === null ? '' : `@${target.site}`}`;
  });
}

const gone = aTemplate(['RTT', 'MS', hostA], { group: 'g', id: 'gone' });

function deletion(user: UserSpec, others: Template[] = [], more: object = {}) {
  return planOf({
    change: { kind: 'delete-template', templateId: 'gone' },
    ending: gone,
    templates: others,
    users: [aUser({ groups: ['g'], origins: {}, ...user })],
    ...more,
  });
}

describe('deleting a template with preserve off', () => {
  it.each(deletions)('$rule', ({ user, others, changes, kept = [], blocked = [] }) => {
    const row = deletion(user, others).of('ann');
    expect(changesOf(row)).toBe(changes);
    expect(notes(row.kept)).toEqual(expect.arrayContaining(kept));
    expect(notes(row.blocked)).toEqual(blocked);
  });

  it('R30 reaches who was given something and has left the group since', () => {
    const user = { groups: [], holds: ['RTT'], origins: { RTT: 'gone' } };
    expect(changesOf(deletion(user).of('ann'))).toBe('-RTT');
  });

  it('R30 reaches nobody else', () => {
    const user = { groups: [], holds: ['RTT'], origins: { RTT: 'organization' } };
    expect(deletion(user).rows).toEqual([]);
  });

  it('R40 removes host only if the attendee account is possible: a site administrator keeps it (R39)', () => {
    const settings = { site: siteA, users: ['ann@acme.com'] };
    const row = deletion(
      { holds: [hostA], origins: { [hostA]: 'gone' } },
      organization(attendeeA),
      {
        settings: someSettings({ siteAdministrators: [settings] }),
      },
    ).of('ann');
    expect(changesOf(row)).toBe('');
    expect(notes(row.blocked)).toEqual([`site-administrator attendee@${siteA}`]);
  });

  it('R46 removes Premium only together with adding Standard in its place', () => {
    const licenses = licensesWith(aLicense('CJPSTD', { total: 1, used: 1 }));
    const user = { holds: ['CJPPRM'], origins: { CJPPRM: 'gone' } };
    const row = deletion(user, organization('CJPSTD'), { licenses }).of('ann');
    expect([changesOf(row), row.outcome]).toEqual(['', 'waiting-for-seat']);
  });

  it('R68 names the users who would lose Calling', () => {
    const { summary } = deletion({ holds: ['BCSTD'], origins: { BCSTD: 'gone' } });
    expect(summary.irreversibleRemovals).toEqual({ users: 1, named: ['ann@acme.com'] });
  });

  it.each([
    ['members', ['g']],
    ['those who have left it', []],
  ])('R33 removes nothing from %s while the group of the template has vanished', (_, groups) => {
    const user = { groups, holds: ['RTT'], origins: { RTT: 'gone' } };
    const plan = deletion(user, [], { vanishedGroups: ['g'] });
    expect(changesOf(plan.of('ann'))).toBe('');
    expect(plan.summary.warnings).toContainEqual(
      expect.objectContaining({ code: 'group-vanished', rule: 'R33' }),
    );
  });

  it('R33 removes nothing from members of another group that has vanished', () => {
    const user = { groups: ['g', 'h'], holds: ['RTT'], origins: { RTT: 'gone' } };
    const others = [aTemplate(['FTC'], { group: 'h' })];
    expect(changesOf(deletion(user, others, { vanishedGroups: ['h'] }).of('ann'))).toBe('');
  });
});

describe('removing a service from a template', () => {
  const revised = aTemplate(['FTC'], { group: 'g', id: 'revised' });
  const plan = (user: UserSpec, request: object = {}, others: Template[] = []) =>
    planOf({
      templates: [revised, ...others],
      change: {
        kind: 'template',
        templateId: 'revised',
        revision: 1,
        removedServices: { preserve: false },
      },
      existingUsers: false,
      users: [aUser({ groups: ['g'], origins: {}, ...user })],
      licenses: someLicenses(),
      ...request,
    });
  const recipient = { holds: ['RTT', 'MS'], origins: { RTT: 'revised', MS: 'manual' } };

  it('R31 removes it from users who got it from this template, and adds nothing', () => {
    const row = plan(recipient).of('ann');
    expect(changesOf(row)).toBe('-RTT');
    expect(row.changes[0]?.reason).toMatchObject({
      code: 'withdrawn',
      rule: 'R31',
      templates: [{ templateId: 'revised', revision: 1 }],
    });
  });

  it('R31 reaches who was licensed and is no member any more', () => {
    expect(changesOf(plan({ ...recipient, groups: [] }).of('ann'))).toBe('-RTT');
  });

  it('R31 leaves what another template grants', () => {
    expect(changesOf(plan(recipient, {}, organization('RTT')).of('ann'))).toBe('');
  });

  it('R31 also adds with existing users and preserve on, but only to members', () => {
    const request = { existingUsers: true };
    expect(changesOf(plan(recipient, request).of('ann'))).toBe('-RTT +FTC');
    expect(changesOf(plan({ ...recipient, groups: [] }, request).of('ann'))).toBe('-RTT');
  });

  it('R19a R31 with existing users and preserve off removes all else from members, whatever its origin', () => {
    const request = { existingUsers: true, preserveLicenses: false };
    expect(changesOf(plan(recipient, request).of('ann'))).toBe('-RTT -MS +FTC');
    const former = { ...recipient, groups: [] };
    expect(changesOf(plan(former, request).of('ann'))).toBe('-RTT');
  });

  it('R31 does nothing of the kind unless the request says so', () => {
    const change = { kind: 'template', templateId: 'revised', revision: 1 } as const;
    expect(plan(recipient, { change }).rows).toEqual([]);
    expect(changesOf(plan(recipient, { change, existingUsers: true }).of('ann'))).toBe('+FTC');
  });

  it('R31 leaves what this revision still grants', () => {
    const row = plan({ holds: ['FTC'], origins: { FTC: 'revised' } }).of('ann');
    expect(changesOf(row)).toBe('');
    expect(notes(row.kept)).toEqual(['right-already FTC']);
  });
});
