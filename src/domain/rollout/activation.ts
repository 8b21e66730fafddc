import type { Change } from '../model/change';
import type { Outcome } from '../model/outcome';

/** What the directory shows about signing in; null where it doesn't say. */
export interface SignInState {
  status: string | null;
  invitePending: boolean | null;
}

/** From when on a user can use what a rollout gave them; null: nothing says that it isn't now. */
export type Activation = 'at-first-sign-in' | null;

export interface ActivationInput extends SignInState {
  outcome: Outcome;
  changes: readonly Change[];
  refused: readonly Change[] | null;
}

const assigned: readonly Outcome[] = ['planned', 'applied', 'converged', 'partial', 'unconverged'];

/**
 * R48: licenses are assigned now and usable from the first sign-in. Said only of users of whom Webex
 * shows that they haven't signed in: it doesn't show whether their domain is verified and mails are
 * suppressed, in which case they are usable earlier (R49). Everybody else can use them once they
 * are active (R50).
 */
export function activationOf(input: ActivationInput): Activation {
  const { status, invitePending, outcome, changes, refused } = input;
  const isWaiting = status?.toLowerCase() === 'pending' || invitePending === true;
  if (!isWaiting || !assigned.includes(outcome)) return null;
  const isGiven = ({ operation }: Change) => operation === 'add';
  const given = changes.filter(isGiven).length - (refused ?? []).filter(isGiven).length;
  return given > 0 ? 'at-first-sign-in' : null;
}

/** The outcome in a report: R48 counts as converged, and is said in words of its own. */
export function outcomeLabel(outcome: Outcome, activation: Activation): string {
  const isActivatedLater = outcome === 'converged' && activation !== null;
  return isActivatedLater ? 'assigned, activates at first sign-in' : outcome;
}
