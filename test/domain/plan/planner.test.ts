import { aTemplate, aUser, planOf, siteA, type UserSpec } from '../builders';

const hostA = `EE@${siteA}`;

/** `u0`, `u1` … */
function users(count: number, spec: UserSpec = {}, prefix = 'u') {
  return Array.from({ length: count }, (_, i) => aUser({ ...spec, id: `${prefix}${i}` }));
}

describe('who is in scope', () => {
  const members = [aUser({ id: 'in', groups: ['sales'] }), aUser({ id: 'out', groups: ['it'] })];

  it('R17 an organization template covers all users', () => {
    expect(planOf({ templates: [aTemplate(['RTT'])], users: members }).rows).toHaveLength(2);
  });

  it('R17 a group template covers direct members only (R10)', () => {
    const templates = [aTemplate(['RTT'], { group: 'sales' })];
    const plan = planOf({ templates, users: members });
    expect(plan.rows.map(({ personId }) => personId)).toEqual(['in']);
  });

  it.each(['machine', 'bot', 'external'] as const)('R17 R52 a %s is never touched', (kind) => {
    const { rows } = planOf({ templates: [aTemplate(['RTT'])], users: [aUser({ kind })] });
    expect(rows).toEqual([]);
  });

  it('R16 R23 without existing users nobody is touched, and the plan says so', () => {
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: members, existingUsers: false });
    expect(plan.rows).toEqual([]);
    expect(plan.summary).toMatchObject({ usersInScope: 0, planned: 0, waves: [] });
    expect(plan.summary.warnings).toContainEqual(expect.objectContaining({ rule: 'R23' }));
  });

  it.each([
    ['organization', { organization: true } as const, ['ann', 'bob']],
    ['groups', { groups: ['sales'] }, ['ann']],
    ['users by id', { users: ['bob'] }, ['bob']],
    ['users by address', { users: ['bob@acme.com'] }, ['bob']],
  ])('turning services off reaches %s', (_, from, expected) => {
    const holds = ['FTC'];
    const plan = planOf({
      change: { kind: 'remove-services', services: ['calling'], from },
      users: [aUser({ holds, groups: ['sales'] }), aUser({ id: 'bob', holds })],
    });
    expect(plan.rows.map(({ personId }) => personId).sort()).toEqual(expected);
  });

  it('refuses a template that is not among those to plan with', () => {
    expect(() =>
      planOf({
        change: { kind: 'template', templateId: 'gone', revision: 1 },
        users: [],
      }),
    ).toThrow('gone');
  });

  it('refuses to settle other candidates than those of the survey', () => {
    const users = [aUser()];
    const other = aUser({ id: 'eve' });
    const pairs = Object.assign([...users], {
      flatMap: (f: (u: typeof other, number: number) => unknown) => [f(other, 0)],
    });
    expect(() => planOf({ templates: [aTemplate(['RTT'])], users: pairs })).toThrow('surveyed');
  });
});

describe('what the summary says', () => {
  it('R13a warns how many would lose a free offer', () => {
    const plan = planOf({
      templates: [aTemplate(['FMS'])],
      users: users(3, { holds: ['FMS', 'FTM', 'FTC'] }),
      preserveLicenses: false,
    });
    const [warning] = plan.summary.warnings.filter(({ rule }) => rule === 'R13a');
    expect(warning?.text).toMatch(/^3 users would lose Call on Webex/);
  });

  it('R68 names the users whose Calling would be lost permanently', () => {
    const plan = planOf({
      templates: [aTemplate(['FMS'])],
      users: [
        aUser({ holds: ['FMS', 'FTM', 'BCSTD'] }),
        aUser({ id: 'bob', holds: ['FMS', 'FTM'] }),
      ],
      preserveLicenses: false,
    });
    expect(plan.summary.irreversibleRemovals).toEqual({ users: 1, named: ['ann@acme.com'] });
  });

  it('R19b replacements are counted apart from losses', () => {
    const plan = planOf({ templates: [aTemplate([hostA])], users: users(2, { attends: [siteA] }) });
    expect(plan.summary).toMatchObject({
      additions: 2,
      removals: 2,
      replacements: 2,
      usersLosing: 0,
    });
  });

  it('R45 reports licenses that the organization does not list', () => {
    const plan = planOf({ templates: [aTemplate(['FMS'])], users: users(2, { holds: ['WAM'] }) });
    const [warning] = plan.summary.warnings.filter(({ code }) => code === 'unlisted-license');
    expect(warning?.text).toContain('2 users hold WAM');
  });

  it('R84 says what turning messaging off means', () => {
    const plan = planOf({
      change: { kind: 'remove-services', services: ['messaging'], from: { organization: true } },
      users: users(2, { holds: ['FMS', 'FTM'] }),
    });
    expect(plan.summary.warnings).toContainEqual(expect.objectContaining({ rule: 'R84' }));
  });

  it('R79 warns of a pilot that nobody is in', () => {
    const pilot = { users: ['somebody else'] };
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: users(3), pilot });
    expect(plan.summary.waves).toMatchObject([{ wave: 1, users: 3 }]);
    expect(plan.summary.warnings).toContainEqual(expect.objectContaining({ code: 'pilot-empty' }));
  });

  it.each([
    ['waived', null, 3],
    ['of somebody', { sample: { count: 1 } }, 3],
    ['of a plan that changes nobody', { users: ['somebody else'] }, 0],
  ])('R79 a pilot that is %s needs no such warning', (_, pilot, n) => {
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: users(n), pilot });
    expect(plan.summary.warnings).toEqual([]);
  });

  it('R43 warns that Contact Center may reset profiles', () => {
    const plan = planOf({ templates: [aTemplate(['CJPPRM'])], users: users(1) });
    expect(plan.summary.warnings).toContainEqual(expect.objectContaining({ rule: 'R43' }));
  });
});
