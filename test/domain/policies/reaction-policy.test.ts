import type { Template } from '../../../src/domain/model/template';
import { mergeReactions } from '../../../src/domain/watch/reaction';
import {
  aLicense,
  aTemplate,
  aUser,
  aWithheldChange,
  changesOf,
  licensesWith,
  planOf,
  siteA,
  siteB,
  someLicenses,
  type Story,
  type UserSpec,
} from '../builders';

const hostA = `EE@${siteA}`;
const hostB = `EE@${siteB}`;
const attendeeA = `${hostA}:attendee`;
const free = ['FMS', 'FTM', 'FTC', 'FSS'];

function reconcile(user: UserSpec, templates: Template[], story: Partial<Story> = {}) {
  const licenses = [...someLicenses(), aLicense('RTT#2', { total: 10 })];
  return planOf({
    change: { kind: 'reconcile' },
    templates,
    users: [aUser({ origins: {}, ...user })],
    licenses,
    ...story,
  }).of('ann');
}

interface Row {
  rule: string;
  user: UserSpec;
  templates?: Template[];
  add: string;
  exact: string;
}

const sales = (...grants: string[]) => aTemplate(grants, { group: 'sales' });
const inSales = { groups: ['sales'] };

/** After a join, a move or a leave: with the setting on, and off. */
const transitions: Row[] = [
  {
    rule: 'R27 joining a group adds its licenses; R28 what was held stays, R29 or goes',
    user: { ...inSales, holds: ['RTT', 'FTC'] },
    templates: [sales('MS', 'FTC')],
    add: '+FMS +FTM +MS',
    exact: '-RTT +FMS +FTM +MS',
  },
  {
    rule: 'R29 takes what was given by hand, too',
    user: { ...inSales, holds: ['RTT'], origins: { RTT: 'manual' } },
    templates: [sales('FTC')],
    add: '+FTC',
    exact: '-RTT +FTC',
  },
  {
    rule: 'R29 with nothing desired leaves the free licenses and takes all else',
    user: { holds: [...free, 'MS', 'RTT', hostA], attends: [siteB] },
    add: '',
    exact: `-attendee@${siteB} -EE host@${siteA} -RTT -MS`,
  },
  {
    rule: 'R29 with nothing desired: CF goes, and FTM and FMS stay though nothing needs them',
    user: { holds: ['FMS', 'FTM', 'MS', 'CF'] },
    add: '',
    exact: '-CF -MS',
  },
  {
    rule: 'R9 moving between sites: R26 on holds both, R29 off takes the old one',
    user: { ...inSales, holds: [hostA] },
    templates: [sales(hostB)],
    add: `+EE host@${siteB}`,
    exact: `-EE host@${siteA} +EE host@${siteB}`,
  },
  {
    rule: 'R19b R28 attendee gives way to host with the setting on, too',
    user: { ...inSales, attends: [siteA] },
    templates: [sales(hostA)],
    add: `-attendee@${siteA} +EE host@${siteA}`,
    exact: `-attendee@${siteA} +EE host@${siteA}`,
  },
  {
    rule: 'R40a host stays, or becomes attendee',
    user: { ...inSales, holds: [hostA] },
    templates: [sales(attendeeA)],
    add: '',
    exact: `-EE host@${siteA} +attendee@${siteA}`,
  },
  {
    rule: 'R41 Premium stays, or becomes Standard',
    user: { ...inSales, holds: ['CJPPRM'] },
    templates: [sales('CJPSTD')],
    add: '',
    exact: '-CJPPRM +CJPSTD',
  },
  {
    rule: 'R45 of two subscriptions both stay, or the oldest',
    user: { ...inSales, holds: ['RTT', 'RTT#2'] },
    templates: [sales('RTT')],
    add: '',
    exact: '-RTT',
  },
  {
    rule: 'R29b Calling stays, and the rest goes',
    user: { ...inSales, holds: ['BCSTD', 'RTT'] },
    templates: [sales('FTC')],
    add: '+FTC',
    exact: '-RTT +FTC',
  },
  {
    rule: 'R57 FSS stays in both',
    user: { ...inSales, holds: ['FSS', 'FTC'] },
    templates: [sales('MS')],
    add: '+FMS +FTM +MS',
    exact: '-FTC +FMS +FTM +MS',
  },
  {
    rule: 'R11 a leave: what other templates grant stays',
    user: { holds: ['RTT', 'FTC'], origins: { RTT: 'of-sales', FTC: 'of-sales' } },
    templates: [aTemplate(['FTC']), sales('RTT', 'FTC')],
    add: '',
    exact: '-RTT',
  },
  {
    rule: 'R20 R29 an explicit user is not measured by the organization template',
    user: { ...inSales, holds: ['FTC', 'RTT'], isExplicit: true },
    templates: [aTemplate(['RTT']), sales('FTC')],
    add: '',
    exact: '-RTT',
  },
  {
    rule: "R20 R27 an explicit user who joins a group gets its licenses, not the organization's",
    user: { ...inSales, holds: ['RTT'], isExplicit: true },
    templates: [aTemplate(['MS']), sales('FTC')],
    add: '+FTC',
    exact: '-RTT +FTC',
  },
];

describe('after a change of groups', () => {
  it.each(transitions)('$rule', ({ user, templates = [], add, exact }) => {
    expect(changesOf(reconcile({ ...user, reaction: 'add' }, templates))).toBe(add);
    expect(changesOf(reconcile({ ...user, reaction: 'exact' }, templates))).toBe(exact);
  });

  it.each([
    ['one license of Calling', ['BCSTD']],
    ['Calling Standard, whose code is configured', ['WXCSTD']],
    ['Customer Assist', ['WXCCA']],
  ])('R29b requires a rollout that acknowledges it for removing %s', (_, holds) => {
    const row = reconcile({ ...inSales, holds, reaction: 'exact' }, [sales('FTC')]);
    expect(changesOf(row)).toBe('+FTC');
    expect(row.blocked).toMatchObject([{ code: 'irreversible', rule: 'R29b' }]);
  });

  it('R29b R45 removes no second license of Calling either', () => {
    const licenses = licensesWith(
      aLicense('BCSTD', { total: 5, used: 1 }),
      aLicense('BCSTD#2', { total: 5, used: 1 }),
    );
    const user: UserSpec = { ...inSales, holds: ['BCSTD', 'BCSTD#2'], reaction: 'exact' };
    const row = reconcile(user, [sales('BCSTD')], { licenses });
    expect([changesOf(row), row.blocked[0]?.code]).toEqual(['', 'irreversible']);
  });

  it('R29b R60 what a kept Calling license excludes is blocked, and the losses wait', () => {
    const user: UserSpec = { ...inSales, holds: ['BCSTD', 'RTT'], reaction: 'exact' };
    const row = reconcile(user, [sales('WXCSTD', 'FTC')]);
    expect(changesOf(row)).toBe('+FTC');
    expect(row.blocked.map(({ code }) => code).sort()).toEqual(['forbidden', 'irreversible']);
    expect(row.waiting.map(({ operation }) => operation)).toEqual(['remove']);
  });

  it.each(['exact', 'new'] as const)(
    'R33 takes nothing in mode %s while a group of theirs has vanished, and still adds',
    (reaction) => {
      const user: UserSpec = {
        groups: ['sales', 'gone'],
        holds: ['RTT', 'FTC'],
        origins: { FTC: 'implicit' },
        reaction,
      };
      const row = reconcile(user, [sales('FMS')], { vanishedGroups: ['gone'] });
      expect(changesOf(row)).toBe('+FMS +FTM');
    },
  );
});

describe('joining a group', () => {
  const joined = (groupId: string) => ({
    mode: 'add' as const,
    causes: [{ kind: 'joined' as const, groupId }],
  });
  const join = (user: UserSpec, templates: Template[], groupId = 'sales') =>
    planOf({
      change: { kind: 'reconcile' },
      templates,
      users: [aUser({ ...inSales, ...user, reaction: joined(groupId) })],
    }).of('ann');

  it('R15 R23 R27 brings what the group grants, and nothing of other templates', () => {
    const templates = [aTemplate(['RTT']), sales('MS'), aTemplate(['FTC'], { group: 'it' })];
    expect(changesOf(join({ groups: ['it', 'sales'] }, templates))).toBe('+FMS +FTM +MS');
  });

  it('R28 R40a removes nothing: a host stays host where the group grants attendee', () => {
    const row = join({ holds: [hostA, 'RTT'] }, [sales(attendeeA)]);
    expect([changesOf(row), row.kept.map(({ code }) => code).sort()]).toEqual([
      '',
      ['host-kept', 'preserved'],
    ]);
  });

  it('R19b R27 makes a host of an attendee, and Premium of Standard', () => {
    const row = join({ holds: ['CJPSTD'], attends: [siteA] }, [sales(hostA, 'CJPPRM')]);
    expect(changesOf(row)).toBe(`-attendee@${siteA} -CJPSTD +CJPPRM +EE host@${siteA}`);
  });

  it('R27 brings nothing of a group that was left again', () => {
    expect(changesOf(join({ groups: [] }, [sales('MS')]))).toBe('');
  });
});

interface NewUser {
  rule: string;
  user: UserSpec;
  templates: Template[];
  changes: string;
}

const implicit = { FMS: 'implicit', FTM: 'implicit', FTC: 'implicit', FSS: 'implicit' };

const newUsers: NewUser[] = [
  {
    rule: 'R15 R22 gets what the templates grant, and loses the free ones that were assigned automatically',
    user: { holds: free, origins: implicit },
    templates: [aTemplate(['FMS', 'RTT'])],
    changes: '-FTC +RTT',
  },
  {
    rule: 'R22 keeps the free licenses where no template applies',
    user: { holds: free, origins: implicit },
    templates: [sales('RTT')],
    changes: '',
  },
  {
    rule: 'R22 takes all of messaging where the template is about something else',
    user: { holds: free, origins: implicit },
    templates: [aTemplate(['FTC'])],
    changes: '-FTM -FMS',
  },
  {
    rule: 'R22 removes only what was assigned automatically',
    user: { holds: [...free, 'RTT'], origins: { ...implicit, FTC: 'manual', RTT: 'manual' } },
    templates: [aTemplate(['FMS'])],
    changes: '',
  },
  {
    rule: 'R22 R31b never takes FMS from under an MS that the user was created with',
    user: { holds: [...free, 'MS'], origins: { ...implicit, MS: 'explicit' }, groups: ['sales'] },
    templates: [sales('RTT')],
    changes: '-FTC +RTT',
  },
  {
    rule: 'R20 created with a license and in no templated group: nothing is added, R22 nothing taken',
    user: { holds: [...free, 'RTT'], origins: { ...implicit, RTT: 'explicit' }, isExplicit: true },
    templates: [aTemplate(['MS'])],
    changes: '',
  },
  {
    rule: 'R20 created with a license and in a templated group: that template applies, and R22',
    user: {
      holds: [...free, 'RTT'],
      origins: { ...implicit, RTT: 'explicit' },
      isExplicit: true,
      groups: ['sales'],
    },
    templates: [aTemplate(['MS']), sales('FMS')],
    changes: '-FTC',
  },
  {
    rule: 'R20 R22 created with a license and in a group: free licenses that the organization template grants stay',
    user: {
      holds: [...free, 'RTT'],
      origins: { ...implicit, RTT: 'explicit' },
      isExplicit: true,
      groups: ['sales'],
    },
    templates: [aTemplate(['MS']), sales('CJPSTD')],
    changes: '-FTC +CJPSTD',
  },
  {
    rule: 'R15 a user who is new and in a group gets both templates in union mode (R4)',
    user: { holds: [], groups: ['sales'] },
    templates: [aTemplate(['FTC']), sales('FMS')],
    changes: '+FMS +FTM +FTC',
  },
];

describe('a new user', () => {
  it.each(newUsers)('$rule', ({ user, templates, changes }) => {
    expect(changesOf(reconcile({ ...user, reaction: 'new' }, templates))).toBe(changes);
  });

  it.each(['new-user', 'arrived-user', 'returned-user', 'linked-user'] as const)(
    'R15 a %s who joined a group before being reconciled gets all templates, not only that group',
    (kind) => {
      const causes = [{ kind }, { kind: 'joined' as const, groupId: 'sales' }];
      const user: UserSpec = { ...inSales, holds: free, reaction: { mode: 'add', causes } };
      const row = reconcile(user, [aTemplate(['RTT']), sales('MS')]);
      expect(changesOf(row)).toBe('+MS +RTT');
    },
  );

  it('R37 granted both without a host unit is attendee at once', () => {
    const licenses = licensesWith(aLicense(hostA, { total: 1, used: 1 }));
    const row = reconcile({ reaction: 'new' }, [aTemplate([hostA, attendeeA])], { licenses });
    expect([changesOf(row), row.pending]).toEqual([`+attendee@${siteA}`, 'host']);
  });
});

const organization = aTemplate(['MS', hostA]);

interface Waiting {
  rule: string;
  user: UserSpec;
  templates?: Template[];
  changes: string;
}

/** What a rollout withheld from a user for whom a unit is free now. */
const waiting: Waiting[] = [
  {
    rule: 'R46 the addition is made, and nothing else that is granted',
    user: { holds: ['FMS', 'FTM'], waiting: [aWithheldChange('+MS', 'granted', organization)] },
    changes: '+MS',
  },
  {
    rule: 'R46 the removals that waited with it go, too',
    user: {
      holds: ['FMS', 'FTM', 'RTT'],
      waiting: [
        aWithheldChange('-RTT', 'not-granted', organization),
        aWithheldChange('+MS', 'granted', organization),
      ],
    },
    changes: '-RTT +MS',
  },
  {
    rule: 'R46 a removal of what is granted meanwhile is not made',
    user: {
      holds: ['FMS', 'FTM', 'RTT'],
      waiting: [
        aWithheldChange('-RTT', 'not-granted', organization),
        aWithheldChange('+MS', 'granted', organization),
      ],
    },
    templates: [aTemplate(['MS', 'RTT'])],
    changes: '+MS',
  },
  {
    rule: 'R30 R46 a withdrawal of what is granted meanwhile is not made either',
    user: { holds: ['RTT'], waiting: [aWithheldChange('-RTT', 'withdrawn', organization)] },
    templates: [aTemplate(['RTT'])],
    changes: '',
  },
  {
    rule: 'R46 an addition that no template grants any more is not made',
    user: { holds: [], waiting: [aWithheldChange('+MS', 'granted', organization)] },
    templates: [aTemplate(['FTC'])],
    changes: '',
  },
  {
    rule: 'R107 the removals that waited with an addition go with its reason',
    user: {
      holds: ['FMS', 'FTM', 'RTT'],
      waiting: [
        aWithheldChange('-RTT', 'not-granted', organization),
        aWithheldChange('+MS', 'granted', organization),
      ],
    },
    templates: [],
    changes: '',
  },
  {
    rule: 'R107 a removal that a file asked for goes with the addition that it waited for',
    user: {
      holds: ['FMS', 'FTM', 'RTT'],
      waiting: [aWithheldChange('-RTT', 'csv'), aWithheldChange('+MS', 'granted', organization)],
    },
    templates: [aTemplate(['FTC'])],
    changes: '',
  },
  {
    rule: 'R107 no removal is made where one of two additions has lost its reason',
    user: {
      holds: ['FMS', 'FTM', 'RTT'],
      waiting: [
        aWithheldChange('-RTT', 'not-granted', organization),
        aWithheldChange('+MS', 'granted', organization),
        aWithheldChange(`+${hostA}`, 'granted', organization),
      ],
    },
    templates: [aTemplate(['MS'])],
    changes: '+MS',
  },
  {
    rule: 'R107 nothing is taken once the user has come to hold all that was waited for',
    user: {
      holds: ['FMS', 'FTM', 'MS', 'RTT'],
      waiting: [
        aWithheldChange('-RTT', 'not-granted', organization),
        aWithheldChange('+MS', 'granted', organization),
      ],
    },
    changes: '',
  },
  {
    rule: 'R107 while one of two is waited for, the removals go with it',
    user: {
      holds: ['FMS', 'FTM', 'MS', 'RTT'],
      waiting: [
        aWithheldChange('-RTT', 'not-granted', organization),
        aWithheldChange('+MS', 'granted', organization),
        aWithheldChange(`+${hostA}`, 'granted', organization),
      ],
    },
    changes: `-RTT +EE host@${siteA}`,
  },
  {
    rule: 'R40 R46 an attendee becomes host now',
    user: {
      attends: [siteA],
      waiting: [
        aWithheldChange(`-attendee:${siteA}`, 'replaced', organization),
        aWithheldChange(`+${hostA}`, 'granted', organization),
      ],
    },
    changes: `-attendee@${siteA} +EE host@${siteA}`,
  },
  {
    rule: 'R40 R46 an attendee who is to be host no more stays attendee',
    user: {
      attends: [siteA],
      waiting: [
        aWithheldChange(`-attendee:${siteA}`, 'replaced', organization),
        aWithheldChange(`+${hostA}`, 'granted', organization),
      ],
    },
    templates: [aTemplate(['FTC'])],
    changes: '',
  },
  {
    rule: 'R40 R46 a host who is still attendee is host only',
    user: {
      holds: [hostA],
      attends: [siteA],
      waiting: [aWithheldChange(`-attendee:${siteA}`, 'replaced', organization)],
    },
    changes: `-attendee@${siteA}`,
  },
  {
    rule: 'R40a R46 a host who was to be attendee is made so, as long as that is granted',
    user: {
      holds: [hostA],
      waiting: [
        aWithheldChange(`-${hostA}`, 'not-granted', organization),
        aWithheldChange(`+attendee:${siteA}`, 'granted', organization),
      ],
    },
    templates: [aTemplate([attendeeA])],
    changes: `-EE host@${siteA} +attendee@${siteA}`,
  },
  {
    rule: 'R72 R46 what a file asked for is done as it was asked',
    user: {
      holds: ['FTC'],
      waiting: [aWithheldChange('-FTC', 'csv'), aWithheldChange('+RTT', 'csv')],
    },
    templates: [aTemplate(['FTC'])],
    changes: '-FTC +RTT',
  },
  {
    rule: 'R81 R46 what is restored waits and comes like anything else',
    user: { holds: ['FMS', 'FTM'], waiting: [aWithheldChange('+MS', 'restored')] },
    templates: [],
    changes: '+MS',
  },
  {
    rule: 'R61 R46 prerequisites come first',
    user: {
      waiting: ['+MS', '+FTM', '+FMS', '+CF'].map((spec) => aWithheldChange(spec, 'csv')),
    },
    templates: [],
    changes: '+FMS +FTM +MS +CF',
  },
];

describe('a user for whom a unit is free', () => {
  it.each(waiting)('$rule', ({ user, templates = [organization], changes }) => {
    expect(changesOf(reconcile({ ...user, reaction: 'waiting' }, templates))).toBe(changes);
  });

  it('R29b loses no Calling automatically, though the rollout that waited had acknowledged it', () => {
    const withheld = [aWithheldChange('-BCSTD', 'not-granted', organization)];
    const user: UserSpec = { holds: ['BCSTD'], waiting: withheld, reaction: 'waiting' };
    const row = reconcile(user, [organization]);
    expect([changesOf(row), row.blocked[0]?.code]).toEqual(['', 'irreversible']);
  });

  it('R33 R46 loses nothing while a group has vanished, and gets what waited and no more', () => {
    const withheld = [aWithheldChange('-RTT', 'csv'), aWithheldChange('+MS', 'csv')];
    const user: UserSpec = {
      groups: ['gone'],
      holds: ['FMS', 'FTM', 'RTT'],
      waiting: withheld,
      reaction: 'waiting',
    };
    const row = reconcile(user, [organization], { vanishedGroups: ['gone'] });
    expect(changesOf(row)).toBe('+MS');
  });

  it('R46 R53 R56 a user who has lost what the license needs gets it as well', () => {
    const withheld = [aWithheldChange('+MS', 'granted', organization)];
    const user: UserSpec = { holds: [], waiting: withheld, reaction: 'waiting' };
    expect(changesOf(reconcile(user, [organization]))).toBe('+FMS +FTM +MS');
  });

  it('R27 R46 who joins a group meanwhile gets both', () => {
    const withheld = [aWithheldChange('-RTT', 'csv'), aWithheldChange('+CJPSTD', 'csv')];
    const user: UserSpec = { ...inSales, holds: ['RTT'], waiting: withheld, reaction: 'add' };
    expect(changesOf(reconcile(user, [sales('FTC')]))).toBe('-RTT +FTC +CJPSTD');
  });

  it('R27 R107 who joins a group meanwhile gets what waited, not only the removals with it', () => {
    const withheld = [
      aWithheldChange('-RTT', 'not-granted', organization),
      aWithheldChange('+MS', 'granted', organization),
    ];
    const joined = { mode: 'add', causes: [{ kind: 'joined', groupId: 'sales' }] } as const;
    const user: UserSpec = {
      ...inSales,
      holds: ['FMS', 'FTM', 'RTT'],
      waiting: withheld,
      reaction: { mode: joined.mode, causes: [...joined.causes] },
    };
    expect(changesOf(reconcile(user, [organization, sales('FTC')]))).toBe('-RTT +FTC +MS');
    expect(changesOf(reconcile(user, [sales('FTC')]))).toBe('+FTC');
  });

  it('R35 R107 a host license that waited comes before an attendee account of a joined group', () => {
    const joined = { kind: 'joined' as const, groupId: 'sales' };
    const user: UserSpec = {
      ...inSales,
      waiting: [aWithheldChange(`+${hostA}`, 'csv')],
      reaction: { mode: 'add', causes: [joined] },
    };
    expect(changesOf(reconcile(user, [sales(attendeeA)]))).toBe(`+EE host@${siteA}`);
  });
});

describe('two findings about one user', () => {
  const joined = { kind: 'joined', groupId: 'sales' } as const;
  const left = { kind: 'left', groupId: 'support' } as const;

  it.each([
    ['R27', 'waiting', 'add', 'add'],
    ['R29', 'exact', 'add', 'exact'],
    ['R22', 'exact', 'new', 'new'],
    ['R46', 'waiting', 'waiting', 'waiting'],
  ] as const)('%s %s and %s come to %s, in either order', (_, one, other, mode) => {
    const a = { mode: one, causes: [joined] };
    const b = { mode: other, causes: [joined, left] };
    expect(mergeReactions(a, b)).toEqual({ mode, causes: [joined, left] });
    expect(mergeReactions(b, a).mode).toBe(mode);
  });
});
