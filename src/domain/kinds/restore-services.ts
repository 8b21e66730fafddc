import type { PlanWarning } from '../model/warning';
import { restorePolicy } from '../policies/restore-policy';
import type { ChangeKind, ChangeOf } from './change-kind';
import { plansWithTemplatesInForce } from './plans-with-templates-in-force';

/** Adds again what a rollout of kind `remove-services` removed (R81). */
export function restoreServicesKind({ rolloutId }: ChangeOf<'restore-services'>): ChangeKind {
  return {
    ...plansWithTemplatesInForce,
    title: () => `Restore what rollout ${rolloutId} removed`,
    includesExistingUsers: true,
    namedGroups: [],
    needsProvenance: false,
    addsCalling: 'never',
    ownGrants: [],
    readsMemberships: false,
    reach: () => ({ kind: 'restore-services', rolloutId }),
    decide:
      ({ decideBy }) =>
      (candidate) => {
        if (candidate.from !== 'restore-services' || candidate.taken.length === 0) return null;
        return decideBy(restorePolicy(candidate.taken), candidate);
      },
    warnings: ({ planned }) => (planned > 0 ? [accessRestored] : []),
  };
}

const accessRestored: PlanWarning = {
  code: 'restores-access',
  text: "Restored services can take up to a day to appear. Users regain access only to data that the organization's retention policy has kept.",
  rule: 'R81',
};
