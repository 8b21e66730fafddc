import type { ChangeKind, ChangeOf } from './change-kind';
import { PlanImpossibleError, type TemplatesToPlan } from './plan-context';
import { templateById, reachOfScope } from './reach';
import { withdrawals } from './withdrawals';

/** Ends a template and removes what it added (R30 with `preserve: false`). */
export function deleteTemplateKind({ templateId }: ChangeOf<'delete-template'>): ChangeKind {
  const endingOf = ({ templates, ending }: TemplatesToPlan) =>
    ending ?? templateById(templates, templateId);
  return {
    title: (_, templateName) => `Delete template "${templateName}" and remove what it added`,
    neverStarts: null,
    includesExistingUsers: true,
    namedGroups: [],
    needsProvenance: true,
    addsCalling: 'if-granted',
    ownGrants: [],
    storedRevision: { templateId, revision: 'latest' },
    planWith: (inForce, stored) => {
      // A template whose only draft was dropped never governed, but its pilot may have got something.
      const ending = inForce.find((template) => template.templateId === templateId) ?? stored;
      if (!ending) throw new PlanImpossibleError(`Template ${templateId} no longer exists`);
      return { templates: inForce.filter((other) => other !== ending), ending };
    },
    includesExplicitUsers: () => false,
    grantsEntitlements: false,
    readsMemberships: true,
    reach: (plan) => reachOfScope(endingOf(plan).scope, templateId),
    decide: (tools) => {
      const template = endingOf(tools);
      const policyFor = withdrawals(tools, { rule: 'R30', template, alsoGrants: () => false });
      return (candidate) => tools.decideBy(policyFor(candidate), candidate);
    },
    warnings: () => [],
  };
}
