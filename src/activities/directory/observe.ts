import { countMissing, hasAny } from '../../db/directory/missing';
import { markObserved } from '../../db/directory/organizations';
import { beginRead, keepPending } from '../../db/directory/reads';
import { settleHolders } from '../../db/directory/settle-holders';
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
          withHeartbeats((read) =>
            readDirectory({ orgId, rolloutId, dropsAcceptedBy }, read),
          ).catch(refuseIncomplete);
        return await (rolloutId ? patientRead(db, rolloutId, observe) : observe());
      } catch (error) {
        throw toFailure(error);
      }
    },
  };
}

/** A plan can't be made from a part of a list, and reading it again doesn't help: it was read thrice. */
function refuseIncomplete(error: unknown): never {
  if (!(error instanceof WebexError) || error.kind !== 'incomplete') throw error;
  throw refusal('ObservationIncomplete', error.message, { ...error.context.came });
}

function refuseDoubtful(doubtful: readonly DoubtfulGroup[]): void {
  if (doubtful.length > 0) throw refusal('ObservationIncomplete', doubtsInOneLine(doubtful));
}
