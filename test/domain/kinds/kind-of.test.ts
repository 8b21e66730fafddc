import { kindOf } from '../../../src/domain/kinds/kind-of';
import { PlanImpossibleError } from '../../../src/domain/kinds/plan-context';
import type { Entitlement } from '../../../src/domain/model/template';
import type { RolloutChange } from '../../../src/domain/request/rollout-request';
import { aTemplate } from '../builders';

const template = { kind: 'template', templateId: 't', revision: 3 } as const;
const preview = {
  kind: 'preview',
  scope: { kind: 'organization' },
  name: 'Sales',
  entitlements: [] as Entitlement[],
} as const;
const off = { kind: 'remove-services' } as const;

describe('the title of a rollout', () => {
  const all = { existingUsers: true, preserveLicenses: false };
  const kept = { existingUsers: true, preserveLicenses: true };
  const future = { existingUsers: false, preserveLicenses: true };

  it.each<[RolloutChange, typeof all, string]>([
    [template, all, 'Template "IT" r3, existing users, removes all other licenses'],
    [template, kept, 'Template "IT" r3, existing users, keeps all other licenses'],
    [template, future, 'Template "IT" r3, future users only'],
    [
      { ...template, removedServices: { preserve: false } },
      future,
      'Template "IT" r3, future users only, removes what the template no longer grants',
    ],
    [preview, future, 'Preview of "Sales", future users only'],
    [
      { kind: 'delete-template', templateId: 't' },
      kept,
      'Delete template "IT" and remove what it added',
    ],
    [{ kind: 'csv', importId: 'i', mode: 'add' }, kept, 'CSV import, adds only'],
    [{ kind: 'csv', importId: 'i', mode: 'add-and-remove' }, kept, 'CSV import, adds and removes'],
    [{ kind: 'reconcile' }, kept, 'New users and group changes'],
    [{ kind: 'restore-services', rolloutId: 'r1' }, kept, 'Restore what rollout r1 removed'],
    [
      { ...off, services: ['messaging', 'calling'], from: { organization: true } },
      kept,
      'Turn off messaging and calling for the whole organization',
    ],
    [
      { ...off, services: ['calling'], from: { groups: ['a', 'b'] } },
      kept,
      'Turn off calling for 2 groups',
    ],
    [
      { ...off, services: ['calling'], from: { users: ['ann'] } },
      kept,
      'Turn off calling for 1 user',
    ],
  ])('of %j (%j) is %s', (change, terms, title) => {
    expect(kindOf(change).title(terms, 'IT')).toBe(title);
  });
});

describe('the templates that a change is planned with', () => {
  const organization = aTemplate(['MS']);
  const sales = aTemplate(['FTC'], { group: 'sales' });
  const inForce = [organization, sales];
  const planWith = (change: RolloutChange, stored = null as typeof sales | null) =>
    kindOf(change).planWith(inForce, stored);

  it('R16a has the revision that is rolled out in place of the one in force', () => {
    const draft = { ...sales, revision: 2 };
    const change = { ...template, templateId: 'of-sales', revision: 2 };
    expect(planWith(change, draft)).toEqual({ templates: [organization, draft], ending: null });
    expect(() => planWith(change)).toThrow(PlanImpossibleError);
  });

  it('R30 leaves out the one that ends', () => {
    const change = { kind: 'delete-template', templateId: 'of-sales' } as const;
    expect(planWith(change)).toEqual({ templates: [organization], ending: sales });
    expect(() => planWith({ ...change, templateId: 'gone' })).toThrow(PlanImpossibleError);
  });

  it('has a preview in place of the template of its scope, as its next revision', () => {
    const { templateId } = organization;
    const shown = {
      templateId,
      scope: preview.scope,
      name: 'Sales',
      revision: 2,
      entitlements: [],
    };
    expect(planWith(preview).templates).toEqual([sales, shown]);
    expect(planWith({ ...preview, switchesSide: true }).templates).toEqual([shown]);
  });

  it.each<RolloutChange>([
    { kind: 'reconcile' },
    { kind: 'csv', importId: 'i', mode: 'add' },
    { kind: 'restore-services', rolloutId: 'r' },
    { ...off, services: ['calling'], from: { organization: true } },
  ])('are those in force for %j', (change) => {
    expect(planWith(change)).toEqual({ templates: inForce, ending: null });
  });
});

describe('what a change can grant that no template grants', () => {
  const entitlements: Entitlement[] = [{ offer: 'BCSTD' }];

  it.each<[RolloutChange, unknown]>([
    [{ ...preview, entitlements }, entitlements],
    [{ kind: 'csv', importId: 'i', mode: 'add' }, 'anything'],
    [{ kind: 'reconcile' }, []],
    [template, []],
    [{ kind: 'delete-template', templateId: 't' }, []],
    [{ kind: 'restore-services', rolloutId: 'r1' }, []],
    [{ ...off, services: ['calling'], from: { organization: true } }, []],
  ])('R62 of %j is %j', (change, ownGrants) => {
    expect(kindOf(change).ownGrants).toEqual(ownGrants);
  });
});
