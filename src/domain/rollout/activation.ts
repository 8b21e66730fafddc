import type { Change } from '../model/change';
import type { Outcome } from '../model/outcome';

/** What the directory shows about signing in; null where it shows nothing. */
export interface SignInState {
  status: string | null;
  invitePending: boolean | null;
}

/** When a user can use the added licenses; null: as far as Webex shows, now. */
export type Activation = 'at-first-sign-in' | null;

export interface ActivationInput extends SignInState {
  outcome: Outcome;
  changes: readonly Change[];
  refused: readonly Change[] | null;
}

const assigned: readonly Outcome[] = ['planned', 'applied', 'converged', 'partial', 'unconverged'];

/**
 * R48: licenses are assigned now and usable from the first sign-in. Only for users who, as Webex
 * shows, haven't signed in. Webex doesn't show whether their domain is verified and mails are
 * suppressed, in which case the licenses are usable earlier (R49). All other users can use them once
 * they are active (R50).
 */
export function activationOf(input: ActivationInput): Activation {
  const { status, invitePending, outcome, changes, refused } = input;
  const isWaiting = status?.toLowerCase() === 'pending' || invitePending === true;
  if (!isWaiting || !assigned.includes(outcome)) return null;
  const isGiven = ({ operation }: Change) => operation === 'add';
  const given = changes.filter(isGiven).length - (refused ?? []).filter(isGiven).length;
  return given > 0 ? 'at-first-sign-in' : null;
}

/** The outcome in a report: R48 counts as converged and has a label of its own. */
export function outcomeLabel(outcome: Outcome, activation: Activation): string {
  const isActivatedLater = outcome === 'converged' && activation !== null;
  return isActivatedLater ? 'assigned, activates at first sign-in' : outcome;
}
