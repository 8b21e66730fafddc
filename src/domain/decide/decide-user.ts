import { attendeeFindings } from './attendee-rules';
import type { Decision } from './decision';
import { type Finding, handledBy, toDecision } from './finding';
import { judgeRemaining } from './judge-remaining';
import {
  cannotHaveCalling,
  excludedByAnother,
  grant,
  heldAlready,
  notSold,
  standardBesidePremium,
} from './license-rules';
import { coupleExclusive, linkNeeds } from './link-wants';
import { keepNeeded, sortLosses } from './losses';
import { firstAnswer, type Rule } from './rule';
import { type DecideInput, userCase } from './user-case';

/**
 * A granted license; the first line that applies:
 *
 *   held already                             keep; the policy judges further copies        R45
 *                                            end an attendee account on the site           R40
 *   Standard, and Premium stays              keep Premium                                  R41
 *   excluded by another license              block, removals wait                          R60
 *   not sold to the organization             block, removals wait; attendee if granted     R46 R37
 *                                            FTM that messaging brings: nothing            R56
 *   Calling, and the user can't have it      block; removals wait if some Calling is held  R64
 *   else                                     add; replace attendee by host,                R11 R40
 *                                            Standard by Premium                           R19b
 *                                            no unit: wait, or attendee for now            R46 R36
 *
 * Granted attendee accounts: see `attendeeRules`. What no entry dealt with: unlisted licenses and
 * FSS are kept (R45, R57), and the policy judges the rest (R13a, R19).
 */
export const licenseRules: readonly Rule[] = [
  heldAlready,
  standardBesidePremium,
  excludedByAnother,
  notSold,
  cannotHaveCalling,
  grant,
];

/** The difference between what a user should hold and what they hold, before units are allocated. */
export function decideUser(input: DecideInput): Decision {
  const user = userCase(input);
  const findings: Finding[] = [];
  const handled = new Set<string>();
  for (const entry of user.policy.desired.entries) {
    const one = { user, entry, handled };
    const found =
      entry.kind === 'attendee' ? attendeeFindings(one) : firstAnswer(licenseRules, one);
    findings.push(...found);
    for (const key of found.flatMap(handledBy)) handled.add(key);
  }
  findings.push(...judgeRemaining(user, handled));
  return completed(toDecision(findings), user);
}

/** What wants and removals mean for each other, once all are known. */
function completed(decision: Decision, { held, callingOffers }: ReturnType<typeof userCase>) {
  const kept = keepNeeded(decision, held, callingOffers);
  const linked = linkNeeds(coupleExclusive(kept, callingOffers), held, callingOffers);
  return { ...linked, losses: sortLosses(linked.losses, callingOffers) };
}
