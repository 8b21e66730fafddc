import { reactionTo, type AfterFailedCall } from '../../../src/activities/write/after-failed-call';
import { WebexError, type WebexErrorKind } from '../../../src/webex/port/webex';

const maxAttempts = 3;

describe('what a failed write call leads to', () => {
  it.each<[WebexErrorKind, AfterFailedCall, AfterFailedCall]>([
    ['read-only', 'hold', 'hold'],
    ['forbidden', 'ask-credential', 'ask-credential'],
    ['throttled', 'wait', 'wait'],
    ['locked', 'again', 'give-up'],
    ['unavailable', 'again', 'read'],
    ['aborted', 'again', 'read'],
    ['contract', 'again', 'read'],
    ['not-found', 'read', 'read'],
    ['rejected', 'give-up', 'give-up'],
    ['incomplete', 'again', 'give-up'],
  ])('%s: %s, and at the last attempt %s', (kind, early, last) => {
    expect(reactionTo(kind, { attempts: maxAttempts - 1, maxAttempts })).toBe(early);
    expect(reactionTo(kind, { attempts: maxAttempts, maxAttempts })).toBe(last);
    // What the port calls worth trying again is tried again here.
    const { retryable } = new WebexError(kind, 'message', { operation: 'PATCH /licenses/users' });
    if (retryable) expect(['wait', 'again']).toContain(early);
  });
});
