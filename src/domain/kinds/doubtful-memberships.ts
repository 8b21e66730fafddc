import type { Decision } from '../decide/decision';
import { templatePolicy, type Policy } from '../decide/policy';
import { note } from '../model/note';
import type { Desired } from '../templates/compose-templates';
import type { KnownUser } from './candidate';

/**
 * R88: the last reads don't show for certain that the user still belongs to a group that counts.
 * `except`: a group on whose members nothing depends.
 */
export function isDoubtful(
  { doubtfulGroupIds = [] }: Pick<KnownUser, 'doubtfulGroupIds'>,
  except: string | null = null,
): boolean {
  return doubtfulGroupIds.some((groupId) => groupId !== except);
}

const remark = {
  code: 'membership-doubtful',
  text: 'kept: the last reads do not show for certain that the user still belongs to their groups',
  rule: 'R88',
} as const;

/** R88: what is granted is added, and everything else is kept until the memberships are certain. */
export function doubtfulPolicy(desired: Desired): Policy {
  return { ...templatePolicy(desired, true), ifNotDesired: () => ({ keep: remark }) };
}

/** R88: the decision without what it takes. It adds nothing in place of that. */
export function withoutLosses(decision: Decision): Decision {
  const { code, text, rule } = remark;
  const kept = decision.losses.map(({ target }) => note(code, text, rule, target));
  return { ...decision, losses: [], kept: [...decision.kept, ...kept] };
}
