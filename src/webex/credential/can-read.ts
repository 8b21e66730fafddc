import type { Send } from '../http/send-call';
import { WebexError } from '../port/webex';
import { wireLicenses } from '../wire/wire';

/**
 * Whether the credential can still read, by one call that is never repeated. Not by `GET /people/me`, which
 * service apps don't have.
 */
export async function canRead(send: Send, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await send({
      operation: 'GET /licenses',
      method: 'GET',
      path: '/licenses',
      schema: wireLicenses,
      signal,
    });
    return true;
  } catch (error) {
    return !(error instanceof WebexError && error.kind === 'forbidden');
  }
}
