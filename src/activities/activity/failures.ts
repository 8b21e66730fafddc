/** Vendor and database errors as what Temporal understands, translated here and nowhere else. */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { FailureType } from '../../contract/failure';
import { WebexError } from '../../webex/port/webex';

/** When Webex says 429 or 423 but not for how long. */
export const defaultThrottleMs = 5_000;

const typeOf: Record<WebexError['kind'], FailureType> = {
  throttled: 'WebexThrottled',
  unavailable: 'WebexUnavailable',
  aborted: 'WebexUnavailable',
  forbidden: 'WebexForbidden',
  'not-found': 'WebexRejected',
  rejected: 'WebexRejected',
  contract: 'WebexContract',
  incomplete: 'ObservationIncomplete',
  'read-only': 'ReadOnly',
};

/** Anything thrown by the vendor edge, with the retry decision that was made there. */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof WebexError)) return error;
  const { kind, context, message } = error;
  const retry = error.retryable || kind === 'aborted';
  return ApplicationFailure.create({
    type: typeOf[kind],
    message,
    nonRetryable: !retry,
    details: [
      {
        operation: context.operation,
        status: context.status ?? null,
        trackingId: context.trackingId ?? null,
      },
    ],
    ...(kind === 'throttled'
      ? {
          category: ApplicationFailureCategory.BENIGN,
          nextRetryDelay: context.retryAfterMs ?? defaultThrottleMs,
        }
      : {}),
  });
}

/** The organization must wait: not the user's failure, and none that anybody should look at. */
export function waitFailure(waitMs: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'WebexThrottled' satisfies FailureType,
    message: `The organization may be written to again in ${Math.ceil(waitMs / 1_000)} s`,
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: Math.max(1, waitMs),
  });
}

export function refusal(
  type: FailureType,
  message: string,
  details: Record<string, unknown> = {},
): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [details] });
}
