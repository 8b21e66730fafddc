import {
  aLicense,
  aTemplate,
  aUser,
  licensesWith,
  type Plan,
  planOf,
  siteA,
  siteB,
} from '../builders';

/** `feature@site: lost/gained/limited/notStated`. */
function featuresOf({ summary }: Plan): string[] {
  return summary.features.map(
    ({ feature, site, lost, gained, limited, notStated }) =>
      `${feature}${site === null ? '' : `@${site}`}: ${lost}/${gained}/${limited}/${notStated}`,
  );
}

describe('the features of a plan', () => {
  const off = {
    kind: 'remove-services' as const,
    services: ['messaging' as const],
    from: { organization: true as const },
  };

  it('R84 R86 of turning messaging off, added up over users who hold different things', () => {
    const plan = planOf({
      change: off,
      users: [
        aUser({ id: 'ann', holds: ['FMS', 'FTM', 'FTC', 'FSS'] }),
        aUser({ id: 'bob', holds: ['FMS', 'MS', 'FTM', 'BCSTD'] }),
        aUser({ id: 'cas', holds: ['FTC', 'FSS'] }),
      ],
    });
    expect(featuresOf(plan)).toEqual([
      'annotate: 0/0/1/1',
      'message-directly: 2/0/0/0',
      'message-in-space: 2/0/0/0',
      'schedule-in-space: 2/0/0/0',
      'share-desktop-in-call: 0/0/0/1',
      'share-desktop-outside-call: 2/0/0/0',
      'whiteboard: 0/0/0/2',
    ]);
    expect(plan.summary.usersToInform).toBe(2);
    const warning = plan.summary.warnings.find(({ code }) => code === 'messaging-off');
    expect(warning).toMatchObject({ rule: 'R84' });
  });

  it('R86 tells paid calling from none', () => {
    const plan = planOf({
      change: { ...off, services: ['calling'] },
      users: [
        aUser({ id: 'ann', holds: ['FMS', 'FTM', 'FTC'] }),
        aUser({ id: 'bob', holds: ['FMS', 'FTM', 'FTC', 'BCSTD'] }),
        aUser({ id: 'cas', holds: ['FMS', 'FTM', 'FTC', 'WXCSTD'] }),
      ],
    });
    expect(featuresOf(plan)).toContain('call-menus: 1/0/0/0');
    expect(featuresOf(plan)).toContain('call-app: 3/0/0/0');
  });

  it('R82 R86 counts only what is carried out: who waits for a unit loses nothing yet', () => {
    const plan = planOf({
      templates: [aTemplate([`EE@${siteA}`, 'FMS', 'FTC'])],
      preserveLicenses: false,
      licenses: licensesWith(aLicense(`EE@${siteA}`, { total: 1 })),
      users: ['ann', 'bob', 'cas'].map((id) =>
        aUser({ id, holds: ['FMS', 'FTM', 'FTC', `EE@${siteB}`] }),
      ),
    });
    expect(featuresOf(plan)).toEqual([
      `schedule-on-site@${siteA}: 0/1/0/0`,
      `schedule-on-site@${siteB}: 1/0/0/0`,
    ]);
    expect(plan.summary.usersToInform).toBe(1);
  });

  it('R86 counts no loss if one of two licenses for the same feature is removed', () => {
    const plan = planOf({
      templates: [aTemplate([`EE@${siteA}`])],
      preserveLicenses: false,
      licenses: licensesWith(
        aLicense(`EE@${siteA}`, { total: 9 }),
        aLicense(`EE@${siteA}#2`, { total: 9 }),
      ),
      users: [aUser({ holds: [`EE@${siteA}`, `EE@${siteA}#2`] })],
    });
    expect(plan.summary.removals).toBe(1);
    expect(featuresOf(plan)).toEqual([]);
    expect(plan.summary.usersToInform).toBe(0);
  });

  it('R86 sees nothing in licenses on which no feature depends', () => {
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: [aUser({ holds: ['FMS'] })] });
    expect(plan.summary).toMatchObject({ planned: 1, features: [], usersToInform: 0 });
  });

  it('R86 counts what new users gain', () => {
    const plan = planOf({ templates: [aTemplate(['FMS', 'FTC'])], users: [aUser()] });
    expect(featuresOf(plan)).toContain('message-directly: 0/1/0/0');
    expect(featuresOf(plan)).toContain('call-app: 0/1/0/0');
    expect(featuresOf(plan)).toContain('whiteboard: 0/0/0/1');
  });
});
