import { beginRead } from '../../db/directory/reads';
import { personsToLookAt } from '../../db/rollout/aged-rows';
import type { Activities } from '../../contract/activities';
import { WebexError } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';
import { withHeartbeats } from '../activity/heartbeats';
import { endChanged } from './end-changed';

/** The read before a wave is fresh for so long. */
const freshForMs = 30_000;
/** A shard waits no longer for its look at the next users. */
const longestLookMs = 20_000;

/**
 * In a long wave, looks again at the users who are next: what somebody else gave them since the wave began
 * must not count as given by a template (R31a). It is a dozen calls for a thousand users. Without an
 * answer they are written as the read before the wave showed them.
 */
export async function lookOnceMore(
  { db, webex, logger }: Pick<ActivityDeps, 'db' | 'webex' | 'logger'>,
  page: Parameters<Activities['readShardPage']>[0],
): Promise<void> {
  const personIds = await personsToLookAt(db, { ...page, freshForMs });
  if (personIds.length === 0) return;
  const looked = await beginRead(db, page.orgId);
  try {
    await withHeartbeats(async ({ signal, ...read }) => {
      const limit = AbortSignal.timeout(longestLookMs);
      const within = { ...read, signal: signal ? AbortSignal.any([signal, limit]) : limit };
      for await (const { users } of webex.readPeople(personIds, Infinity, within)) {
        await endChanged(db, page, { users, looked });
      }
    });
  } catch (error) {
    if (!(error instanceof WebexError)) throw error;
    logger.warn({ reason: error.message }, 'the next users of a wave could not be read again');
  }
}
