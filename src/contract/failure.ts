/**
 * The closed list of failure types that cross Temporal, as `ApplicationFailure.type`.
 * Workflows look at these and never at message text.
 */
export const failureTypes = [
  /** The organization must wait: 429, 423, or a "not before" set by one of them. Retried, BENIGN. */
  'WebexThrottled',
  /** Webex or the way to it is faulty for now: 5xx, reset, time-out. Retried. */
  'WebexUnavailable',
  /** 401 or 403: the credential lost its rights. Not retried. */
  'WebexForbidden',
  /** Webex refused this request for good. Not retried. */
  'WebexRejected',
  /** Webex answered something that isn't its contract: names operation and field. Not retried. */
  'WebexContract',
  /** Writing is switched off by configuration. Not retried. */
  'ReadOnly',
  /** What Webex shows can't be planned from: the message says what and why. Not retried. */
  'ObservationIncomplete',
  /** The plan can't be made: the message says why. Not retried. */
  'PlanImpossible',
  /** An action that makes no sense in this phase; details carry phase and allowed actions. */
  'ActionNotAllowed',
  /** An action that was meant for an earlier phase version. */
  'ActionTooLate',
  /** The rollout's row is not where its workflow believes it to be. */
  'RolloutMismatch',
  /** `start` with the digest of another plan. */
  'DigestMismatch',
  /** Another user-started rollout is in a writing phase (R25); details carry its id. */
  'OrganizationBusy',
  /** A guard forbids the start. */
  'GuardTripped',
  /** The pace asked for is not a number that can be obeyed. */
  'PaceInvalid',
] as const;
export type FailureType = (typeof failureTypes)[number];
