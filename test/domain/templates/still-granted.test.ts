import { aTemplate, aUser, changesOf, licenseId, planOf, siteA, type Story } from '../builders';

const given = { kind: 'template', templateId: 'of-sales', revision: 1 } as const;

/** Ann holds it by the template of sales. */
function annWith(holds: string[], groups: string[], attends: string[] = []) {
  const ids = [...holds.map(licenseId), ...attends.map((site) => `attendee:${site}`)];
  const provenance = Object.fromEntries(ids.map((id) => [id, given]));
  return { ...aUser({ holds, groups, attends }), provenance };
}

function changesFor(story: Story): string {
  const plan = planOf({ existingUsers: false, ...story });
  return changesOf(plan.of('ann'));
}

describe('what is withdrawn from ann', () => {
  const removedServices = { preserve: false } as const;
  const narrowed = {
    kind: 'template',
    templateId: 'of-sales',
    revision: 2,
    removedServices,
  } as const;

  it('R31 is what was removed from the template, for a user who has left the group', () => {
    const users = [annWith(['RTT', 'FTC'], [])];
    const templates = [aTemplate(['RTT'], { group: 'sales' })];
    expect(changesFor({ users, templates, change: narrowed })).toBe('-FTC');
  });

  it.each([
    [
      'R31 R41 is not Standard, which another template still grants through Premium',
      ['CJPSTD'],
      ['CJPPRM'],
      [],
    ],
    [
      'R31 R35 is not attendee, which another template still grants through host',
      [],
      [`EE@${siteA}`],
      [siteA],
    ],
  ])('%s', (_, holds, others, attends) => {
    const users = [annWith(holds, ['sales', 'agents'], attends)];
    const own = holds.length > 0 ? holds : [`EE@${siteA}:attendee`];
    const templates = [aTemplate(own, { group: 'sales' }), aTemplate(others, { group: 'agents' })];
    expect(changesFor({ users, templates, change: narrowed })).toBe('');
  });

  it('R30 keeps attendee if another template grants both attendee and host', () => {
    const users = [annWith([], ['agents'], [siteA])];
    const both = [`EE@${siteA}`, `EE@${siteA}:attendee`];
    const templates = [aTemplate(both, { group: 'agents' })];
    const ending = aTemplate([`EE@${siteA}:attendee`], { group: 'sales' });
    const change = { kind: 'delete-template', templateId: 'of-sales' } as const;
    expect(changesFor({ users, templates, ending, change })).toBe('');
  });
});
