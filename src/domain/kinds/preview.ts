import type { Template, TemplateScope } from '../model/template';
import type { PlanWarning } from '../model/warning';
import type { ChangeKind, ChangeOf } from './change-kind';
import { nobody, reachOfScope } from './reach';
import { plainPolicy, withoutExistingUsers } from './template';
import { titleOfTemplate } from './template-titles';

/** What saving and rolling out a template would do; such a plan can't be started. */
export function previewKind(change: ChangeOf<'preview'>): ChangeKind {
  const { name, scope, switchesSide = false } = change;
  return {
    title: (terms) => titleOfTemplate(`Preview of "${name}"`, terms),
    neverStarts: "A preview can't be started. Save the template and roll it out.",
    includesExistingUsers: false,
    namedGroups: scope.kind === 'group' ? [scope.groupId] : [],
    needsProvenance: false,
    addsCalling: 'if-granted',
    ownGrants: change.entitlements,
    storedRevision: null,
    planWith: (inForce) => ({ templates: withPreview(inForce, change), ending: null }),
    includesExplicitUsers: (_, { existingUsers }) => existingUsers && scope.kind === 'organization',
    grantsEntitlements: true,
    readsMemberships: true,
    reach: (_, { existingUsers }) => (existingUsers ? reachOfScope(scope, null) : nobody),
    decide: (tools) => {
      const policyFor = plainPolicy(tools);
      return (candidate) => tools.decideBy(policyFor(candidate), candidate);
    },
    warnings: ({ terms }) => [
      ...(terms.existingUsers ? [] : [withoutExistingUsers(false)]),
      ...(switchesSide ? [sidesSwitched] : []),
    ],
  };
}

const sidesSwitched: PlanWarning = {
  code: 'switches-side',
  text: 'Saving this template means switching sides: all templates of the other kind are deleted. That removes no license from anybody.',
  rule: 'R2',
};

/** The preview stands in place of the template of its scope, with the id and the revision it would get. */
function withPreview(
  inForce: readonly Template[],
  { scope, name, entitlements, switchesSide }: ChangeOf<'preview'>,
): Template[] {
  const replaced = inForce.find((other) => isSame(other.scope, scope));
  const templateId = replaced?.templateId ?? 'preview';
  const revision = (replaced?.revision ?? 0) + 1;
  const others = inForce.filter(
    (other) => other !== replaced && (!switchesSide || other.scope.kind === scope.kind),
  );
  return [...others, { templateId, scope, name, revision, entitlements }];
}

function isSame(one: TemplateScope, other: TemplateScope): boolean {
  if (one.kind === 'organization' || other.kind === 'organization') return one.kind === other.kind;
  return one.groupId === other.groupId;
}
