import { mirrorUsers } from '../../db/directory/mirror-people';
import { noteNotFound } from '../../db/directory/missing-people';
import { beginRead } from '../../db/directory/reads';
import { countOutcomes } from '../../db/rollout/rollouts';
import {
  plannedAgainstMirror,
  plannedPersons,
  shardPage,
  recordUnwritten,
} from '../../db/rollout/wave-rows';
import { recordNotFound } from '../../db/rollout/ending/not-found-rows';
import { listUnreadGroups } from '../../db/directory/group-covers';
import { populationOf } from '../../db/directory/find-directory';
import { doubtsInOneLine } from '../../domain/watch/member-drop';
import { changedSincePlan } from '../../domain/write/judge-write';
import { callSummary } from '../../domain/licenses/change-label';
import { WebexError, type ReadOptions } from '../../webex/port/webex';
import { uuidOf } from '../../domain/model/webex-id';
import { recordReadTrouble } from '../../db/rollout/record-flags';
import { recordHold } from '../../db/rollout/hold';
import type { Activities, RolloutRef } from '../../contract/activities';
import { endAged } from '../plan/check-plan';
import type { ActivityDeps } from '../activity/deps';
import { readMembers } from '../directory/read-groups';
import { withHeartbeats } from '../activity/heartbeats';
import { patientRead } from '../activity/patient-read';

/** Nobody is written of whom nothing is known, and nobody counts as gone: the read is repeated. */
function withoutAnswer(unanswered: number, asked: number): WebexError {
  const operation = 'GET /people';
  const message = `${operation}: ${unanswered} of ${asked} users are neither shown nor named as not found`;
  const came = { list: 'people', shown: asked - unanswered, promised: asked } as const;
  return new WebexError('incomplete', message, { operation, came });
}

const secondRead = 'users of the wave were not found, and are read a second time before it begins';

type WaveRef = RolloutRef & { wave: number };

interface Reread {
  againAfterMs?: number;
  /** Too many users weren't found to be believed (R88). */
  doubt?: string;
}

/** Checks before a wave which users are still as planned, and reads the pages that its shards write. */
export function rereadWaveActivities(
  deps: ActivityDeps,
): Pick<Activities, 'rereadWave' | 'readShardPage'> {
  const { db, webex } = deps;

  async function reread({ orgId, rolloutId, wave }: WaveRef): Promise<Reread> {
    const personIds = await plannedPersons(db, rolloutId, wave);
    if (personIds.length === 0) return {};
    const looked = await beginRead(db, orgId);
    const unanswered: string[] = [];
    await withHeartbeats(async (read) => {
      const population = await populationOf(db, orgId);
      for await (const page of webex.readPeople(personIds, population, read)) {
        await mirrorUsers(db, orgId, page.users, looked);
        await noteNotFound(db, orgId, page.notFound);
        unanswered.push(...(page.unanswered ?? []));
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
    const { confirmAfterMs } = deps;
    const since = looked.startedAt;
    const { once, doubt } = await recordNotFound(db, { rolloutId, wave, since, confirmAfterMs });
    if (unanswered.length > 0) throw withoutAnswer(unanswered.length, personIds.length);
    if (doubt !== null) return { doubt };
    return once > 0 ? { againAfterMs: confirmAfterMs } : {};
  }

  return {
    async rereadWave({ orgId, rolloutId, wave }) {
      const read = await patientRead(db, rolloutId, async () => {
        const { doubt, ...again } = await reread({ orgId, rolloutId, wave });
        if (doubt !== undefined) await recordHold(db, rolloutId, doubt);
        const stale = doubt ?? (await endAgedRows(deps, { orgId, rolloutId }));
        const counts = await countOutcomes(db, rolloutId);
        const writable = counts.planned ?? 0;
        return { counts, writable, ...again, ...(stale === null ? {} : { stale }) };
      });
      if (read.againAfterMs !== undefined) await recordReadTrouble(db, rolloutId, secondRead);
      return read;
    },

    readShardPage: (input) => labelledPage(deps, input),
  };
}

async function labelledPage(
  { db, userLabels }: ActivityDeps,
  input: Parameters<Activities['readShardPage']>[0],
): ReturnType<Activities['readShardPage']> {
  const rows = await shardPage(db, input);
  return rows.map(({ seq, step, email, personId, changes }) => {
    const user = userLabels === 'email' ? email : (uuidOf(personId) ?? personId);
    return { seq, step, label: callSummary(user, changes) };
  });
}

/** Who belongs to a group is first read once it holds a template: until then its members aren't known. */
async function readNewGroups(
  deps: Pick<ActivityDeps, 'db' | 'webex'>,
  orgId: string,
  read: ReadOptions,
): Promise<string | null> {
  const groupIds = await listUnreadGroups(deps.db, orgId);
  const { doubtful } = await readMembers(deps, { orgId, groupIds }, read);
  return doubtful.length === 0 ? null : doubtsInOneLine(doubtful);
}

/** R101: the plan is held where too many users would be decided differently by now. */
async function endAgedRows(
  deps: Pick<ActivityDeps, 'db' | 'webex'>,
  ref: RolloutRef,
): Promise<string | null> {
  let pages = 0;
  const stale = await withHeartbeats(async (read) => {
    const doubt = await readNewGroups(deps, ref.orgId, read);
    return doubt ?? (await endAged(deps, ref, () => read.onPage?.((pages += 1))));
  });
  if (stale !== null) await recordHold(deps.db, ref.rolloutId, stale);
  return stale;
}
