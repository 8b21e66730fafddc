import { markUsersGone, mirrorUsers } from '../../db/directory/mirror-people';
import {
  countUnconverged,
  markConverged,
  markUnconverged,
  unconvergedPersons,
  unconvergedRows,
} from '../../db/rollout/wave-rows';
import { populationOf } from '../../db/directory/find-directory';
import { endRepeat, recordRepeat, takeRepeat } from '../../db/write/repeat-write';
import { judgeConvergence } from '../../domain/write/convergence';
import { type PeopleRead, WebexError } from '../../webex/port/webex';
import type { Activities, RolloutRef } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { defaultThrottleMs, toFailure } from '../activity/failures';
import { withHeartbeats } from '../activity/heartbeats';
import { throttleOrganization } from './pace';

const repeatsPerSweep = 500;

/** Looking whether what was written has arrived. */
export function verifyActivities(
  deps: ActivityDeps,
): Pick<Activities, 'sweep' | 'giveUp' | 'repeatWrite'> {
  const { db, webex } = deps;

  /** Judges one page of people; returns the rows that only a repeated write can settle. */
  async function judgePage(
    { orgId, rolloutId, waves }: RolloutRef & { waves: number[] },
    page: PeopleRead,
  ): Promise<{ converged: number[]; repeat: number[] }> {
    await mirrorUsers(db, orgId, page.users, new Date());
    const seen = new Map(page.users.map((user) => [user.personId, user.holdings]));
    const rows = await unconvergedRows(db, { rolloutId, waves, personIds: [...seen.keys()] });
    const converged: number[] = [];
    const repeat: number[] = [];
    for (const row of rows) {
      const observed = seen.get(row.personId);
      if (!observed) continue;
      const refused = new Set((row.refused ?? []).map((change) => JSON.stringify(change)));
      const changes = row.changes.filter((change) => !refused.has(JSON.stringify(change)));
      const verdict = judgeConvergence({ changes, observed, answered: row.repeated });
      if (verdict === 'converged') converged.push(row.seq);
      if (verdict === 'needs-repeat-write') repeat.push(row.seq);
    }
    await markConverged(db, rolloutId, converged);
    return { converged, repeat };
  }

  return {
    async sweep(input) {
      const { orgId, rolloutId, waves } = input;
      try {
        return await withHeartbeats(async (read) => {
          const personIds = await unconvergedPersons(db, rolloutId, waves);
          let converged = 0;
          const repeat: number[] = [];
          if (personIds.length > 0) {
            const population = await populationOf(db, orgId);
            for await (const page of webex.readPeople(personIds, population, read)) {
              const judged = await judgePage(input, page);
              converged += judged.converged.length;
              repeat.push(...judged.repeat);
              await markUsersGone(db, orgId, page.notFound);
            }
          }
          const unconverged = await countUnconverged(db, rolloutId, waves);
          return { unconverged, converged, repeat: repeat.slice(0, repeatsPerSweep) };
        });
      } catch (error) {
        throw toFailure(error);
      }
    },

    async giveUp({ rolloutId, waves }) {
      return { unconverged: await markUnconverged(db, rolloutId, waves) };
    },

    async repeatWrite({ orgId, rolloutId, seq }) {
      const row = await takeRepeat(db, rolloutId, seq);
      if (!row) return { result: 'held', putBack: false, halted: null };
      try {
        const answer = await webex.writeUser(row.personId, row.changes);
        await recordRepeat(db, { rolloutId, seq, answered: answer.holdings });
        return { result: row.outcome, putBack: false, halted: null };
      } catch (error) {
        await endRepeat(db, rolloutId, seq);
        if (!(error instanceof WebexError)) throw error;
        if (error.kind === 'throttled') {
          const waitMs = error.context.retryAfterMs ?? defaultThrottleMs;
          await throttleOrganization(deps, orgId, waitMs);
        }
        // The next sweep asks for it again: nothing hangs on this one call.
        return { result: 'held', putBack: false, halted: null };
      }
    },
  };
}
