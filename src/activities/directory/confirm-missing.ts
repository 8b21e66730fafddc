import { plainMessage } from '../../database-error';
import { noteSecondRead, readPending } from '../../db/directory/reads';
import type { Activities } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { refusal, toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import type { PendingRead } from './directory-check';
import { readMissingAgain } from './read-missing-again';

/** The second read of what is missing (R89). */
export function confirmMissingActivities(deps: ActivityDeps): Pick<Activities, 'confirmMissing'> {
  const { db, confirmAfterMs } = deps;
  return {
    async confirmMissing({ orgId, readId }) {
      if (orgId !== deps.orgId) {
        throw refusal('WebexForbidden', 'The Webex credential opens another organization');
      }
      const pending = (await readPending(db, orgId, readId)) as PendingRead | null;
      if (!pending) return;
      const startedAt = new Date(pending.startedAt);
      const settling = { orgId, startedAt, confirmAfterMs };
      try {
        await withHeartbeats((read) => readMissingAgain(deps, settling, pending, read));
        await noteSecondRead(db, readId, null);
      } catch (error) {
        // The workflow goes on without this read, so the check that follows has to say it.
        await noteSecondRead(db, readId, plainMessage(error));
        throw toFailure(error);
      }
    },
  };
}
