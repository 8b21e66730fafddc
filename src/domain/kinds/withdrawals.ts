import { templatePolicy, type Policy } from '../decide/policy';
import { holdingsIn } from '../licenses/license-index';
import type { Template } from '../model/template';
import { withdrawalPolicy } from '../policies/withdrawal-policy';
import type { KnownUser } from './candidate';
import type { DecideTools } from './change-kind';
import { doubtfulPolicy, isDoubtful } from './doubtful-memberships';
import { hasVanished, isSpared } from './vanished-groups';

const nothingDesired = { entries: [], templates: [] };

/** Removes what a template added (R30, R31), unless its group or the user's has vanished (R33) or is in doubt (R88). */
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
  // What the template that ends has added is its own, whoever belongs to its group.
  const ended = rule === 'R30' && template.scope.kind === 'group' ? template.scope.groupId : null;
  return (user) => {
    if (hasVanished(template, vanishedGroups) || isSpared(user, vanishedGroups)) {
      return templatePolicy(nothingDesired, true);
    }
    if (isDoubtful(user, ended)) return doubtfulPolicy(nothingDesired);
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
