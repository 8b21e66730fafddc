/** Errors of Webex as failures of Temporal, translated here and nowhere else. */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { FailureType } from '../../contract/failure';
import { WebexError } from '../../webex/port/webex';

/** The wait after a 429 without a usable `Retry-After`. */
export const defaultThrottleMs = 5_000;
/** A write that waits asks again at least this often, so that a wait that is lifted ends. */
const askAgainMs = 15_000;

const typeOf: Record<WebexError['kind'], FailureType> = {
  throttled: 'WebexThrottled',
  locked: 'WebexUnavailable',
  unavailable: 'WebexUnavailable',
  aborted: 'WebexUnavailable',
  forbidden: 'WebexForbidden',
  'not-found': 'WebexRejected',
  rejected: 'WebexRejected',
  contract: 'WebexContract',
  incomplete: 'ObservationIncomplete',
  'read-only': 'ReadOnly',
};

/** An error of Webex as a failure, with the retry decision that was made in `webex`. */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof WebexError)) return error;
  return failureOf(error, error.retryable || error.kind === 'aborted');
}

/**
 * An error of a read that a rollout needs: whatever it is, the read is repeated with back-off (R97). A
 * page that isn't JSON, a right that is lost, may be there again at the next try.
 */
export function toReadFailure(error: unknown): unknown {
  return error instanceof WebexError ? failureOf(error, true) : error;
}

function failureOf(error: WebexError, retry: boolean): ApplicationFailure {
  const { kind, context, message } = error;
  return ApplicationFailure.create({
    type: typeOf[kind],
    message,
    nonRetryable: !retry,
    details: [
      {
        operation: context.operation,
        status: context.status ?? null,
        trackingId: context.trackingId ?? null,
        ...context.came,
      },
    ],
    ...(kind === 'throttled'
      ? {
          category: ApplicationFailureCategory.BENIGN,
          nextRetryDelay: Math.max(1, context.retryAfterMs ?? defaultThrottleMs),
        }
      : {}),
  });
}

/** An error after which one user's write is tried again, whatever is said about trying again elsewhere. */
export function toRetry({ kind, message, context }: WebexError): ApplicationFailure {
  return ApplicationFailure.create({
    type: typeOf[kind],
    message,
    nonRetryable: false,
    ...(context.retryAfterMs === undefined ? {} : { nextRetryDelay: context.retryAfterMs }),
  });
}

/** The write must wait. It isn't the user's failure, and nobody has to act on it. */
export function waitFailure(
  waitMs: number,
  why = `The organization may be written to again in ${Math.ceil(waitMs / 1_000)} s`,
): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'WebexThrottled' satisfies FailureType,
    message: why,
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: Math.max(1, Math.min(Math.ceil(waitMs), askAgainMs)),
  });
}

export function refusal(
  type: FailureType,
  message: string,
  details: Record<string, unknown> = {},
): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}
