import { templatePolicy, type Policy } from '../decide/policy';
import { holdingsIn } from '../licenses/license-index';
import type { Template } from '../model/template';
import { withdrawalPolicy } from '../policies/withdrawal-policy';
import type { KnownUser } from './candidate';
import type { DecideTools } from './change-kind';
import { hasVanished, isSpared } from './vanished-groups';

const nothingDesired = { entries: [], templates: [] };

/** Removes what a template added (R30, R31), unless its group or the user's has vanished (R33). */
export function withdrawals(
  { index, desiredBy, vanishedGroups }: DecideTools,
  withdrawal: {
    rule: 'R30' | 'R31';
    template: Template;
    /** Users who also get what they are granted. From other users it only removes. */
    alsoGrants: (user: KnownUser) => boolean;
  },
): (user: KnownUser) => Policy {
  const { rule, template, alsoGrants } = withdrawal;
  return (user) => {
    if (hasVanished(template, vanishedGroups) || isSpared(user, vanishedGroups)) {
      return templatePolicy(nothingDesired, true);
    }
    return withdrawalPolicy({
      rule,
      template,
      desired: desiredBy(user),
      held: holdingsIn(index, user.holdings.licenses),
      attendeeSites: user.holdings.attendeeSites ?? [],
      provenance: user.provenance,
      alsoGrants: alsoGrants(user),
    });
  };
}
