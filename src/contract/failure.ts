/**
 * The closed list of failure types that cross Temporal, as `ApplicationFailure.type`.
 * Workflows read these and never the message.
 */
export const failureTypes = [
  /** The organization must wait: 429, 423, or a "not before" set by one of them. Retried, BENIGN. */
  'WebexThrottled',
  /** Webex or the network fails for now: 5xx, reset, time-out. Retried. */
  'WebexUnavailable',
  /** 401 or 403: the credential lost its rights. Not retried. */
  'WebexForbidden',
  /** Webex refused this request, and would refuse it again. Not retried. */
  'WebexRejected',
  /** The answer breaks Webex's contract: names operation and field. Not retried. */
  'WebexContract',
  /** The task is about another organization than the token of this worker opens. Retried, BENIGN. */
  'OtherOrganization',
  /** PostgreSQL refused a statement or is away; the message has no data of it. Retried. */
  'DatabaseError',
  /** Writing is turned off by configuration. Not retried. */
  'ReadOnly',
  /** What Webex shows can't be planned from: the message says what and why. Not retried. */
  'ObservationIncomplete',
  /** The plan can't be made: the message says why. Not retried. */
  'PlanImpossible',
  /** The action isn't possible in this phase; details hold the phase and the allowed actions. */
  'ActionNotAllowed',
  /** The action was meant for an earlier phase version. */
  'ActionTooLate',
  /** The rollout's row is in another phase or version than its workflow expects. */
  'RolloutMismatch',
  /** `start` with the digest of another plan. */
  'DigestMismatch',
  /** Another user-started rollout is in a writing phase (R25); details hold its id. */
  'OrganizationBusy',
  /** The plan has aged: too many users would be decided differently today (R101). */
  'PlanStale',
  /** A guard forbids the start. */
  'GuardTripped',
  /** The requested pace is not a number from above 0 to 1000. */
  'PaceInvalid',
] as const;
export type FailureType = (typeof failureTypes)[number];
