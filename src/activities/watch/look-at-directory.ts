import { listTemplatedGroups } from '../../db/directory/group-covers';
import { listName, recordIncomplete } from '../../db/directory/beliefs/beliefs';
import { countMissing, hasAny } from '../../db/directory/beliefs/missing';
import {
  beginRead,
  keepPending,
  readPending,
  whenFreshReadBegan,
  whenReadBegan,
  type DirectoryRead,
} from '../../db/directory/reads';
import { settleHolders } from '../../db/directory/settle/settle-holders';
import { possibleSuccessors } from '../../db/watch/replaced-groups';
import { readWatchState, recordWatchError } from '../../db/watch/watch-state';
import { doubtsInOneLine } from '../../domain/watch/member-drop';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import { plainMessage } from '../../database-error';
import type { Activities, Checked, ToConfirm } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { detectChanges } from './detect-changes';
import { refusal, toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import {
  checkOf,
  pendingOf,
  type DirectoryCheck,
  type PendingRead,
} from '../directory/directory-check';
import { readChangedPeople } from '../directory/read-changed-people';
import { readGroups, readMembers } from '../directory/read-groups';
import { readLicenses } from '../directory/read-licenses';

const nothing: Checked = { isBaseline: false, found: {} };

/** One check of the watch: few reads, and the changes that they show. */
export function lookAtDirectoryActivities(
  deps: ActivityDeps,
): Pick<Activities, 'lookAtDirectory' | 'compareDirectory'> {
  const { db, logger } = deps;

  async function compare(check: DirectoryCheck): Promise<Checked> {
    const detected = await db.transaction((tx) => detectChanges(tx, check));
    if (Object.keys(detected.found).length > 0) {
      logger.info(detected.found, 'the watch found users to reconcile');
    }
    return detected;
  }

  async function recorded<T>(orgId: string, work: () => Promise<T>): Promise<T> {
    if (orgId !== deps.orgId) {
      throw refusal('WebexForbidden', 'The Webex credential opens another organization');
    }
    try {
      return await work();
    } catch (error) {
      await recordWatchError(db, orgId, plainMessage(error)).catch(() => undefined);
      throw toFailure(error);
    }
  }

  return {
    lookAtDirectory: ({ orgId, confirms }) =>
      recorded(orgId, async () => {
        const { check, ...looked } = await withHeartbeats((read) =>
          look(deps, { orgId, confirms: confirms === true }, read),
        );
        return check ? { ...(await compare(check)), ...looked } : { ...nothing, ...looked };
      }),

    compareDirectory: ({ orgId, readId }) =>
      recorded(orgId, async () => {
        const pending = (await readPending(db, orgId, readId)) as PendingRead | null;
        const check = pending && checkOf(orgId, pending);
        return check ? await compare(check) : nothing;
      }),
  };
}

interface Looked {
  readId: number;
  /** What is to be compared now; null if something is missing and has to be confirmed first. */
  check: DirectoryCheck | null;
  confirm?: ToConfirm;
}

async function look(
  deps: ActivityDeps,
  { orgId, confirms }: { orgId: string; confirms: boolean },
  read: ReadOptions,
): Promise<Looked> {
  const { db, confirmAfterMs } = deps;
  const looked = await beginRead(db, orgId);
  const { readId, startedAt } = looked;
  const before = await readWatchState(db, orgId);
  // All users have just been read: the baseline needs no second read of them.
  const began = before.baselineAt === null ? await whenFreshReadBegan(db, orgId) : null;
  const { groupIds, troubles } = await readGroupsAndLicenses(deps, { orgId, looked }, read);
  const people = began
    ? { ...began, isFull: true, readBy: 'people' as const, newest: null, unread: [] }
    : {
        ...(await whenReadBegan(db, readId)),
        ...(await readChangedPeople(deps, { orgId, looked, before }, read)),
      };
  if ('trouble' in people && people.trouble !== null) troubles.push(people.trouble);
  const trouble = troubles.length === 0 ? null : troubles.join('; ');
  const check: DirectoryCheck = { ...people, orgId, trouble };
  if (confirms && hasAny(await countMissing(db, orgId, groupIds))) {
    await keepPending(db, readId, { ...pendingOf(check, groupIds) });
    return { readId, check: null, confirm: { readId, afterMs: confirmAfterMs } };
  }
  if (check.isFull) await settleHolders(db, { orgId, startedAt, confirmAfterMs });
  return { readId, check };
}

/** What is shown is compared, even where a list as a whole lacks a part (R88): the reasons are returned. */
async function readGroupsAndLicenses(
  deps: ActivityDeps,
  { orgId, looked }: { orgId: string; looked: DirectoryRead },
  read: ReadOptions,
): Promise<{ groupIds: string[]; troubles: string[] }> {
  const { db } = deps;
  const troubles: string[] = [];
  const tryTo = async (list: string, readIt: () => Promise<void>) => {
    try {
      await readIt();
    } catch (error) {
      if (!(error instanceof WebexError) || error.kind !== 'incomplete') throw error;
      troubles.push(error.message);
      const { came } = error.context;
      if (!came) return;
      await recordIncomplete(db, { orgId, list, shown: came.shown, promised: came.promised });
    }
  };
  await tryTo(listName.licenses, () => readLicenses(deps, { orgId, looked }, read));
  await tryTo(listName.groups, () => readGroups(deps, { orgId, looked }, read));
  const templated = await listTemplatedGroups(db, orgId);
  // Whether a group that has vanished was replaced shows in the members of those that appeared (R90).
  const wanted = [...templated, ...(await possibleSuccessors(db, orgId))];
  const { doubtful, groupIds } = await readMembers(deps, { orgId, groupIds: wanted }, read);
  if (doubtful.length > 0) troubles.push(doubtsInOneLine(doubtful));
  return { groupIds, troubles };
}
