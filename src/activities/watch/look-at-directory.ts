import { listTemplatedGroups } from '../../db/directory/group-covers';
import { mirrorLicenses } from '../../db/directory/mirror-people';
import { freshLookBegan, readWatchState, recordWatchError } from '../../db/watch/watch-state';
import { doubtsInOneLine } from '../../domain/watch/member-drop';
import type { ReadOptions } from '../../webex/port/webex';
import { plainMessage } from '../../database-error';
import type { Activities } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { detectChanges, type Detected } from './detect-changes';
import { refusal, toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import { readChangedPeople } from '../directory/read-changed-people';
import { readGroups, readMembers } from '../directory/read-groups';

/** One check of the watch: few reads, and the changes that they show. */
export function lookAtDirectoryActivities(deps: ActivityDeps): Pick<Activities, 'lookAtDirectory'> {
  const { db, webex, logger } = deps;

  async function check(orgId: string, read: ReadOptions): Promise<Detected> {
    const startedAt = new Date();
    const before = await readWatchState(db, orgId);
    // All users have just been read: the baseline needs no second read of them.
    const began = before.baselineAt === null ? await freshLookBegan(db, orgId) : null;
    await mirrorLicenses(db, orgId, await webex.listLicenses(read), startedAt);
    await readGroups(deps, orgId, read);
    const groupIds = await listTemplatedGroups(db, orgId);
    const { doubtful } = await readMembers(deps, { orgId, groupIds }, read);
    const people = began
      ? { startedAt: began, isFull: true, readBy: 'people' as const, newest: null, unread: [] }
      : { startedAt, ...(await readChangedPeople(deps, { orgId, startedAt, before }, read)) };
    const trouble = doubtful.length === 0 ? null : doubtsInOneLine(doubtful);
    return db.transaction((tx) => detectChanges(tx, { orgId, trouble, ...people }));
  }

  return {
    async lookAtDirectory({ orgId }) {
      if (orgId !== deps.orgId) {
        throw refusal('WebexForbidden', 'The Webex credential opens another organization');
      }
      try {
        const detected = await withHeartbeats((read) => check(orgId, read));
        if (Object.keys(detected.found).length > 0) {
          logger.info(detected.found, 'the watch found users to reconcile');
        }
        return detected;
      } catch (error) {
        await recordWatchError(db, orgId, plainMessage(error)).catch(() => undefined);
        throw toFailure(error);
      }
    },
  };
}
