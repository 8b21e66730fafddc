import type { Policy } from '../decide/policy';
import { templatePolicy } from '../decide/policy';
import type { Template } from '../model/template';
import type { PlanWarning } from '../model/warning';
import type { KnownUser } from './candidate';
import type { ChangeKind, ChangeOf, DecideTools } from './change-kind';
import { PlanImpossibleError } from './plan-context';
import { doubtfulPolicy, isDoubtful } from './doubtful-memberships';
import { covers, templateById, nobody, reachOfScope } from './reach';
import { titleOfTemplate } from './template-titles';
import { isSpared } from './vanished-groups';
import { withdrawals } from './withdrawals';

/** Rolls out a stored revision (R11–R19); `removedServices` also removes what it no longer grants (R31). */
export function templateKind(change: ChangeOf<'template'>): ChangeKind {
  const { templateId, revision } = change;
  const takesBack = change.removedServices !== undefined;
  return {
    title: (terms, templateName) => {
      const title = titleOfTemplate(`Template "${templateName}" r${revision}`, terms);
      return takesBack ? `${title}, removes what the template no longer grants` : title;
    },
    neverStarts: null,
    includesExistingUsers: false,
    namedGroups: [],
    needsProvenance: takesBack,
    addsCalling: 'if-granted',
    ownGrants: [],
    storedRevision: { templateId, revision },
    planWith: (inForce, stored) => {
      if (!stored) {
        throw new PlanImpossibleError(
          `Revision ${revision} of template ${templateId} no longer exists`,
        );
      }
      const others = inForce.filter((other) => other.templateId !== templateId);
      return { templates: [...others, stored], ending: null };
    },
    includesExplicitUsers: ({ templates }, { existingUsers }) =>
      existingUsers && templateById(templates, templateId).scope.kind === 'organization',
    grantsEntitlements: true,
    readsMemberships: true,
    reach: ({ templates }, { existingUsers }) => {
      const { scope } = templateById(templates, templateId);
      if (!existingUsers && !takesBack) return nobody;
      return reachOfScope(scope, takesBack ? templateId : null);
    },
    decide: (tools) => {
      const template = templateById(tools.templates, templateId);
      const policyFor = takesBack ? takingBack(tools, template) : plainPolicy(tools);
      return (candidate) => tools.decideBy(policyFor(candidate), candidate);
    },
    warnings: ({ terms }) => (terms.existingUsers ? [] : [withoutExistingUsers(takesBack)]),
  };
}

/** R19: what is granted is added; preserve off, everything else is removed. */
export function plainPolicy({ terms, desiredBy, vanishedGroups }: DecideTools) {
  return (user: KnownUser): Policy => {
    const isKept = terms.preserveLicenses || isSpared(user, vanishedGroups);
    if (!isKept && isDoubtful(user)) return doubtfulPolicy(desiredBy(user));
    return templatePolicy(desiredBy(user), isKept);
  };
}

function takingBack(tools: DecideTools, template: Template): (user: KnownUser) => Policy {
  const { terms } = tools;
  const alsoGrants = (user: KnownUser) => terms.existingUsers && covers(template, user);
  const plain = plainPolicy(tools);
  const withdraw = withdrawals(tools, { rule: 'R31', template, alsoGrants });
  return (user) => (alsoGrants(user) && !terms.preserveLicenses ? plain(user) : withdraw(user));
}

export function withoutExistingUsers(takesBack: boolean): PlanWarning {
  const text = takesBack
    ? 'Existing users are not included: this plan only removes what the template added to them and no longer grants.'
    : 'Existing users are not included: this plan changes nobody.';
  return { code: 'no-existing-users', text, rule: takesBack ? 'R31' : 'R23' };
}
