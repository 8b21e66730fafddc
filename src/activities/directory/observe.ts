import { Context } from '@temporalio/activity';
import { countMissing, hasAny } from '../../db/directory/beliefs/missing';
import { markObserved } from '../../db/directory/organizations';
import { beginRead, keepPending } from '../../db/directory/reads';
import { settleHolders } from '../../db/directory/settle/settle-holders';
import { doubtsInOneLine, type DoubtfulGroup } from '../../domain/watch/member-drop';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import { observeNumbers, readsCalling } from './calling-reads';
import type { Activities, Observed } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { refusal, toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import { patientRead } from '../activity/patient-read';
import type { PendingRead } from './directory-check';
import { readEverybody } from './read-everybody';
import { readLicenses } from './read-licenses';
import { readGroupsWithRetries, type GroupsWanted } from './read-groups-with-retries';

const waitsOfPlan = 4;

/** Reading the directory into the mirror. */
export function observeActivities(deps: ActivityDeps): Pick<Activities, 'observe'> {
  const { db } = deps;

  async function readDirectory(
    wanted: Omit<GroupsWanted, 'looked'>,
    read: ReadOptions,
  ): Promise<Observed> {
    const { orgId, rolloutId } = wanted;
    const looked = await beginRead(db, orgId);
    const { readId } = looked;
    await readLicenses(deps, { orgId, looked }, read);
    const { doubtful, groupIds } = await readGroupsWithRetries(deps, { ...wanted, looked }, read);
    // Nothing is planned from part of a group; without a rollout the rest is still brought up to date.
    if (rolloutId !== null) refuseDoubtful(doubtful);
    const callingData = await readsCalling(db, orgId, rolloutId);
    if (callingData) await observeNumbers(deps, orgId, read);
    const { seen, promised } = await readEverybody(deps, { orgId, looked, callingData }, read);
    const hasTrouble = doubtful.length > 0;
    const startedAt = looked.startedAt.toISOString();
    const pending = { startedAt, groupIds, hasTrouble, readEverybody: true, check: null };
    await keepPending(db, readId, pending satisfies PendingRead);
    refuseDoubtful(doubtful);
    await markObserved(db, orgId);
    const { confirmAfterMs } = deps;
    const figures = { users: seen, promised };
    if (hasAny(await countMissing(db, orgId, groupIds))) {
      return { ...figures, confirm: { readId, afterMs: confirmAfterMs } };
    }
    await settleHolders(db, { orgId, startedAt: looked.startedAt, confirmAfterMs });
    return figures;
  }

  return {
    async observe({ orgId, rolloutId, dropsAcceptedBy = null }) {
      if (orgId !== deps.orgId) {
        throw refusal('WebexForbidden', 'The Webex credential opens another organization');
      }
      try {
        const observe = () =>
          withHeartbeats((read) => readDirectory({ orgId, rolloutId, dropsAcceptedBy }, read));
        if (rolloutId === null) return await observe().catch(refuseIncomplete);
        return await patientRead(db, rolloutId, () =>
          observe().catch((error: unknown) => refuseIncompleteLater(error, deps.confirmAfterMs)),
        );
      } catch (error) {
        throw toFailure(error);
      }
    },
  };
}

/** The mirror isn't made from a part of a list, which was read thrice: the next observation follows. */
function refuseIncomplete(error: unknown): never {
  if (!isIncomplete(error)) throw error;
  throw refusal('ObservationIncomplete', error.message, { ...error.context.came });
}

/**
 * A plan can't be made from a part of a list. But a plan that fails drops its draft, so that a few bad
 * answers don't end it: it waits four times as long as a second read does, and says so.
 */
function refuseIncompleteLater(error: unknown, confirmAfterMs: number): never {
  if (!isIncomplete(error)) throw error;
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = Context.current().info;
  const patienceMs = waitsOfPlan * confirmAfterMs;
  // Both are of Temporal's clock.
  const waitedMs = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
  if (waitedMs >= patienceMs) refuseIncomplete(error);
  const seconds = Math.ceil((patienceMs - waitedMs) / 1_000);
  const meanwhile = `It is read again for ${seconds} s; the plan can be discarded meanwhile`;
  throw new WebexError('incomplete', `${error.message}. ${meanwhile}`, error.context);
}

function isIncomplete(error: unknown): error is WebexError {
  return error instanceof WebexError && error.kind === 'incomplete';
}

function refuseDoubtful(doubtful: readonly DoubtfulGroup[]): void {
  if (doubtful.length === 0) return;
  const operation = 'GET /groups/{id}/members';
  throw new WebexError('incomplete', doubtsInOneLine(doubtful), { operation });
}
