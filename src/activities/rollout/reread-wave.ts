import { markUsersGone, mirrorUsers } from '../../db/directory/mirror-people';
import { countOutcomes } from '../../db/rollout/rollouts';
import {
  plannedAgainstMirror,
  plannedPersons,
  shardPage,
  recordUnwritten,
  recordUnseen,
} from '../../db/rollout/wave-rows';
import { populationOf } from '../../db/directory/find-directory';
import { changedSincePlan } from '../../domain/write/judge-write';
import { callSummary } from '../../domain/licenses/change-label';
import { uuidOf } from '../../domain/model/webex-id';
import type { Activities } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';

/** Checks before a wave which users are still as planned, and reads the pages that its shards write. */
export function rereadWaveActivities(
  deps: ActivityDeps,
): Pick<Activities, 'rereadWave' | 'readShardPage'> {
  const { db, webex } = deps;

  async function reread(orgId: string, rolloutId: string, wave: number): Promise<void> {
    const personIds = await plannedPersons(db, rolloutId, wave);
    if (personIds.length === 0) return;
    const readStartedAt = new Date();
    await withHeartbeats(async (read) => {
      const population = await populationOf(db, orgId);
      for await (const page of webex.readPeople(personIds, population, read)) {
        await mirrorUsers(db, orgId, page.users, new Date());
        await markUsersGone(db, orgId, page.notFound);
        const seen = page.users.map(({ personId }) => personId);
        const rows = await plannedAgainstMirror(db, { rolloutId, wave, personIds: seen });
        const changed = rows.filter(
          ({ before, expected, now, isRetry }) =>
            changedSincePlan({ before, now }) &&
            !(isRetry && !changedSincePlan({ before: expected, now })),
        );
        await recordUnwritten(db, {
          rolloutId,
          seqs: changed.map(({ seq }) => seq),
          outcome: 'conflict',
          detail: 'the user was changed after planning, outside Seatwise or by another rollout',
        });
      }
    });
    await recordUnseen(db, { rolloutId, wave, readStartedAt });
  }

  return {
    async rereadWave({ orgId, rolloutId, wave }) {
      try {
        await reread(orgId, rolloutId, wave);
      } catch (error) {
        throw toFailure(error);
      }
      const counts = await countOutcomes(db, rolloutId);
      return { counts, writable: counts.planned ?? 0 };
    },

    async readShardPage(input) {
      const rows = await shardPage(db, input);
      return rows.map(({ seq, step, email, personId, changes }) => {
        const user = deps.userLabels === 'email' ? email : (uuidOf(personId) ?? personId);
        return { seq, step, label: callSummary(user, changes) };
      });
    },
  };
}
