import { aTemplate, aUser, changesOf, licensesWith, aLicense, planOf, siteA } from '../builders';

const everything = aTemplate(['FMS', 'MS', `EE@${siteA}`]);

describe('a plan that leaves out users', () => {
  const plan = planOf({
    templates: [everything],
    users: [
      aUser({ id: 'ann', holds: ['RTT'], isLeftOut: true }),
      aUser({ id: 'ben', isLeftOut: true, holds: ['FMS', 'MS', 'FTM', `EE@${siteA}`] }),
      aUser({ id: 'cleo' }),
    ],
    preserveLicenses: false,
  });

  it('R103 changes nothing for them and shows what would have changed', () => {
    const ann = plan.of('ann');
    expect(ann).toMatchObject({ outcome: 'excluded', changes: [], wave: null, waiting: [] });
    const left = ann.kept.filter(({ code }) => code === 'excluded');
    expect(left.map(({ target }) => ('offer' in target ? target.offer : target.site))).toEqual(
      expect.arrayContaining(['FMS', 'MS', 'EE', 'RTT']),
    );
  });

  it('R103 shows them as excluded even if nothing would have changed', () => {
    expect(plan.of('ben').outcome).toBe('excluded');
  });

  it('R103 counts them, and writes the others', () => {
    expect(plan.summary).toMatchObject({ excluded: 2, planned: 1, unchanged: 0, removals: 0 });
    expect(plan.of('cleo').outcome).toBe('planned');
  });

  it('R103 gives no unit to users who are left out', () => {
    const plan = planOf({
      templates: [aTemplate(['RTT'])],
      licenses: licensesWith(aLicense('RTT', { total: 1 })),
      users: [
        ...['a', 'b', 'c', 'd'].map((id) => aUser({ id, isLeftOut: true })),
        aUser({ id: 'ann' }),
      ],
    });
    expect(changesOf(plan.of('ann'))).toBe('+RTT');
  });
});

describe('a plan that leaves out offers', () => {
  interface Case {
    title: string;
    grants: string[];
    holds?: string[];
    attends?: string[];
    preserveLicenses?: boolean;
    offers: string[];
    changes: string;
    outcome: string;
  }

  const cases: Case[] = [
    {
      title: 'adds the others',
      grants: ['MS', 'FMS', 'RTT'],
      offers: ['RTT'],
      changes: '+FMS +FTM +MS',
      outcome: 'planned',
    },
    {
      title: 'shows users for whom nothing else would change as excluded',
      grants: ['RTT'],
      offers: ['RTT'],
      changes: '',
      outcome: 'excluded',
    },
    {
      title: 'leaves users unchanged whom it would not have changed',
      grants: ['RTT'],
      holds: ['RTT'],
      offers: ['RTT'],
      changes: '',
      outcome: 'unchanged',
    },
    {
      title: 'removes the others',
      grants: [],
      holds: ['RTT', 'CJPSTD'],
      preserveLicenses: false,
      offers: ['RTT'],
      changes: '-CJPSTD',
      outcome: 'planned',
    },
    {
      title: 'adds nothing that needs what is left out',
      grants: ['FMS', 'MS'],
      offers: ['FMS'],
      changes: '',
      outcome: 'excluded',
    },
    {
      title: 'keeps what something left out needs',
      grants: [],
      holds: ['FMS', 'FTM', 'MS'],
      preserveLicenses: false,
      offers: ['MS'],
      changes: '',
      outcome: 'excluded',
    },
    {
      title: 'makes no half of a replacement of attendee by host, if the host license is left out',
      grants: [`EE@${siteA}`],
      attends: [siteA],
      offers: ['EE'],
      changes: '',
      outcome: 'excluded',
    },
    {
      title: 'makes no half of a replacement of attendee by host, if the attendee is left out',
      grants: [`EE@${siteA}`],
      attends: [siteA],
      offers: [`attendee@${siteA}`],
      changes: '',
      outcome: 'excluded',
    },
    {
      title: 'makes no half of a replacement of Standard by Premium',
      grants: ['CJPPRM'],
      holds: ['CJPSTD'],
      offers: ['CJPSTD'],
      changes: '',
      outcome: 'excluded',
    },
    {
      title: 'makes no host an attendee, if the host license is left out',
      grants: [`EE@${siteA}:attendee`],
      holds: [`EE@${siteA}`],
      preserveLicenses: false,
      offers: [`EE@${siteA}`],
      changes: '',
      outcome: 'excluded',
    },
    {
      title: 'leaves out one site only',
      grants: [`EE@${siteA}`, 'RTT'],
      offers: ['EE@b.webex.com'],
      changes: `+EE host@${siteA} +RTT`,
      outcome: 'planned',
    },
    {
      title: 'lets removals go that waited only for what is left out',
      grants: ['WXCAC'],
      holds: ['RTT'],
      preserveLicenses: false,
      offers: ['WXCAC'],
      changes: '-RTT',
      outcome: 'planned',
    },
  ];

  it.each(cases)('R103 $title', ({ grants, holds = [], attends = [], offers, ...rest }) => {
    const { preserveLicenses = true, changes, outcome } = rest;
    const plan = planOf({
      templates: [aTemplate(grants)],
      users: [aUser({ holds, attends })],
      preserveLicenses,
      except: { offers },
    });
    expect(changesOf(plan.of('ann'))).toBe(changes);
    expect(plan.of('ann').outcome).toBe(outcome);
    expect(plan.summary.excluded).toBe(outcome === 'excluded' ? 1 : 0);
  });

  it('R103 R36 gives no attendee account that is left out, while no host unit is left', () => {
    const plan = planOf({
      templates: [aTemplate([`EE@${siteA}`, `EE@${siteA}:attendee`])],
      licenses: licensesWith(aLicense(`EE@${siteA}`, { total: 0 })),
      users: [aUser()],
      except: { offers: [`attendee@${siteA}`] },
    });
    expect(changesOf(plan.of('ann'))).toBe('');
    expect(plan.of('ann')).toMatchObject({ outcome: 'waiting-for-seat', pending: 'unit' });
  });

  it.each([
    ['host', `EE@${siteA}`, `EE@${siteA}:attendee`, `attendee@${siteA}`],
    ['Premium', 'CJPPRM', 'CJPSTD', 'CJPSTD'],
  ])(
    'R103 removes no %s that a template gave, if what it grants instead is left out',
    (...them) => {
      const [, given, instead, offer] = them;
      const plan = planOf({
        change: {
          kind: 'template',
          templateId: 'all',
          revision: 1,
          removedServices: { preserve: false },
        },
        templates: [aTemplate([instead], { id: 'all' })],
        users: [aUser({ holds: [given], origins: { [given]: 'all' } })],
        existingUsers: false,
        except: { offers: [offer] },
      });
      expect(changesOf(plan.of('ann'))).toBe('');
      expect(plan.of('ann').outcome).toBe('excluded');
    },
  );

  it('R103 leaves out what turning a service off would remove', () => {
    const plan = planOf({
      change: {
        kind: 'remove-services',
        services: ['messaging', 'calling'],
        from: { organization: true },
      },
      users: [aUser({ holds: ['FMS', 'FTM', 'FTC'] })],
      except: { offers: ['FMS'] },
    });
    expect(changesOf(plan.of('ann'))).toBe('-FTC');
  });
});
