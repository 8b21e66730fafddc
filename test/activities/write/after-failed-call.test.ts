import { reactionTo, type AfterFailedCall } from '../../../src/activities/write/after-failed-call';
import { WebexError, type WebexErrorKind } from '../../../src/webex/port/webex';

const maxAttempts = 3;

describe('what a failed write call leads to', () => {
  it.each<[WebexErrorKind, AfterFailedCall, AfterFailedCall]>([
    ['forbidden', 'hold', 'hold'],
    ['read-only', 'hold', 'hold'],
    ['throttled', 'wait', 'wait'],
    ['unavailable', 'again', 'give-up'],
    ['aborted', 'again', 'give-up'],
    ['not-found', 'give-up', 'give-up'],
    ['rejected', 'give-up', 'give-up'],
    ['contract', 'give-up', 'give-up'],
    ['incomplete', 'give-up', 'give-up'],
  ])('%s: %s, and at the last attempt %s', (kind, early, last) => {
    expect(reactionTo(kind, { attempts: maxAttempts - 1, maxAttempts })).toBe(early);
    expect(reactionTo(kind, { attempts: maxAttempts, maxAttempts })).toBe(last);
    // The port's own word on retries agrees, but for a call that we cut off ourselves.
    const isRepeated = early === 'wait' || early === 'again';
    const { retryable } = new WebexError(kind, 'message', { operation: 'PATCH /licenses/users' });
    expect(isRepeated).toBe(retryable || kind === 'aborted');
  });
});
