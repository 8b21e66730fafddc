import {
  analyzeDirectory,
  markUnseenUsersGone,
  mirrorLicenses,
  mirrorUsers,
} from '../../db/directory/mirror-people';
import { markObserved } from '../../db/directory/organizations';
import { doubtsInOneLine, type DoubtfulGroup } from '../../domain/watch/member-drop';
import { WebexError, type Proof, type ReadOptions } from '../../webex/port/webex';
import { observeNumbers, readsCalling } from './calling-reads';
import type { Activities } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { refusal, toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import { patientRead } from '../activity/patient-read';
import { readGroupsWithRetries, type GroupsWanted } from './read-groups-with-retries';

/** Reading the directory into the mirror. */
export function observeActivities(deps: ActivityDeps): Pick<Activities, 'observe'> {
  const { db, webex } = deps;

  async function readDirectory(wanted: GroupsWanted, read: ReadOptions): Promise<number> {
    const { orgId, rolloutId } = wanted;
    const startedAt = new Date();
    await mirrorLicenses(db, orgId, await webex.listLicenses(read), startedAt);
    const doubtful = await readGroupsWithRetries(deps, wanted, read);
    // Nothing is planned from part of a group; without a rollout the rest is still brought up to date.
    if (rolloutId !== null) refuseDoubtful(doubtful);
    const callingData = await readsCalling(db, orgId, rolloutId);
    if (callingData) await observeNumbers(deps, orgId, read);
    let users = 0;
    const onProof = ({ shown }: Proof) => (users = shown);
    for await (const page of webex.listPeople({ ...read, callingData, onProof })) {
      await mirrorUsers(db, orgId, page.users, new Date());
    }
    await markUnseenUsersGone(db, orgId, startedAt);
    await analyzeDirectory(db);
    refuseDoubtful(doubtful);
    await markObserved(db, orgId);
    return users;
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
        const users = await (rolloutId ? patientRead(db, rolloutId, observe) : observe());
        return { users };
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
