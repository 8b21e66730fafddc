import type { RolloutChange } from '../../../src/domain/request/rollout-request';
import {
  aCsvRow,
  aTarget,
  aTemplate,
  aUser,
  changesOf,
  planOf,
  someSettings,
  type UserSpec,
} from '../builders';

const organization = aTemplate(['FTC']);
const sales = aTemplate(['FTC'], { group: 'sales' });
const ofTemplate = (templateId: string): RolloutChange => ({
  kind: 'template',
  templateId,
  revision: 1,
});

interface Row {
  rule: string;
  change: RolloutChange;
  existingUsers?: boolean;
  inScope: UserSpec[];
  outside: UserSpec[];
}

const inSales = { groups: ['sales'] };

const rows: Row[] = [
  {
    rule: 'R17 an organization template: all persons',
    change: ofTemplate('organization'),
    inScope: [{}, inSales, { isExplicit: true }],
    outside: [{ kind: 'bot' }, { kind: 'machine' }, { kind: 'external' }],
  },
  {
    rule: 'R17 R10 a group template: the direct members who are persons',
    change: ofTemplate('of-sales'),
    inScope: [inSales, { groups: ['other', 'sales'] }],
    outside: [{}, { groups: ['other'] }, { ...inSales, kind: 'machine' }],
  },
  {
    rule: 'R16 R23 without existing users: nobody',
    change: ofTemplate('organization'),
    existingUsers: false,
    inScope: [],
    outside: [{}, inSales],
  },
  {
    rule: 'R31 with removed services: those covered and those who were given something',
    change: { ...ofTemplate('of-sales'), removedServices: { preserve: false } } as RolloutChange,
    existingUsers: false,
    inScope: [inSales, { holds: ['RTT'], origins: { RTT: 'of-sales' } }],
    outside: [{ holds: ['RTT'], origins: { RTT: 'organization' } }],
  },
  {
    rule: 'R52 a machine is out of scope, whatever was given to it',
    change: { kind: 'delete-template', templateId: 'of-sales' },
    inScope: [inSales],
    outside: [{ kind: 'machine', holds: ['RTT'], origins: { RTT: 'of-sales' } }],
  },
  {
    rule: 'R14 reconciling: whom the watch found',
    change: { kind: 'reconcile' },
    inScope: [{ reaction: 'new' }, { reaction: 'add' }],
    outside: [{}, { kind: 'bot', reaction: 'new' }],
  },
  {
    rule: 'R73 a file: who is in it',
    change: { kind: 'csv', importId: 'i', mode: 'add' },
    inScope: [{ csv: aCsvRow({}) }],
    outside: [{}],
  },
  {
    rule: 'R81 a restoration: from whom something was taken',
    change: { kind: 'restore-services', rolloutId: 'r' },
    inScope: [{ taken: [aTarget('FTC')] }],
    outside: [{}, { taken: [] }],
  },
  {
    rule: 'R17 a preview: like the save that it stands for',
    change: {
      kind: 'preview',
      scope: { kind: 'group', groupId: 'sales' },
      name: 'Sales',
      entitlements: [],
    },
    inScope: [inSales],
    outside: [{}],
  },
];

describe('who is in scope', () => {
  it.each(rows)('$rule', ({ change, existingUsers = true, inScope, outside }) => {
    const named = (specs: UserSpec[], name: string) =>
      specs.map((spec, i) => aUser({ ...spec, id: `${name}-${i}` }));
    const plan = planOf({
      templates: [organization, sales],
      change,
      existingUsers,
      users: [...named(inScope, 'in'), ...named(outside, 'out')],
    });
    expect(plan.rows.map(({ personId }) => personId).sort()).toEqual(
      inScope.map((_, i) => `in-${i}`),
    );
  });
});

describe('what an explicit user is measured by', () => {
  const user: UserSpec = { ...inSales, isExplicit: true, holds: ['RTT'] };
  const templates = [aTemplate(['MS']), sales];
  const off = { preserveLicenses: false, templates };

  it('R20 a rollout of the organization template to existing users includes them', () => {
    const change = ofTemplate('organization');
    const users = [aUser({ isExplicit: true, holds: ['RTT'] })];
    expect(changesOf(planOf({ ...off, change, users }).of('ann'))).toBe('-RTT +FMS +FTM +MS');
  });

  it('R20 R19a a rollout of a group template leaves the organization template out', () => {
    const plan = planOf({ ...off, change: ofTemplate('of-sales'), users: [aUser(user)] });
    expect(changesOf(plan.of('ann'))).toBe('-RTT +FTC');
  });

  it('R20 R6 where groups override the organization, they get nothing but what groups grant', () => {
    const users = [aUser({ isExplicit: true, reaction: 'add', origins: {} })];
    const settings = someSettings({ compositionMode: 'group-overrides-organization' });
    const plan = planOf({ templates, change: { kind: 'reconcile' }, users, settings });
    expect(changesOf(plan.of('ann'))).toBe('');
  });

  it('R20 a preview of the organization template includes them like its rollout', () => {
    const { entitlements } = aTemplate(['MS']);
    const change = {
      kind: 'preview',
      scope: { kind: 'organization' },
      name: 'x',
      entitlements,
    } as const;
    const users = [aUser({ isExplicit: true })];
    expect(changesOf(planOf({ templates, change, users }).of('ann'))).toBe('+FMS +FTM +MS');
  });

  it('R19a everybody else is measured by all templates together', () => {
    const users = [aUser({ ...inSales, holds: ['RTT'] })];
    const plan = planOf({ ...off, change: ofTemplate('of-sales'), users });
    expect(changesOf(plan.of('ann'))).toBe('-RTT +FMS +FTM +MS +FTC');
  });
});
