import { noteNotFound } from '../../db/directory/settle/missing-people';
import { beginRead } from '../../db/directory/reads';
import { countOutcomes } from '../../db/rollout/rollouts';
import { plannedPersons, shardPage } from '../../db/rollout/wave-rows';
import { recordNotFound } from '../../db/rollout/ending/not-found-rows';
import { populationOf } from '../../db/directory/find-directory';
import { callSummary } from '../../domain/licenses/change-label';
import { WebexError } from '../../webex/port/webex';
import { uuidOf } from '../../domain/model/webex-id';
import { recordReadTrouble } from '../../db/rollout/record-flags';
import { recordHold } from '../../db/rollout/hold';
import type { Activities, RolloutRef, ToConfirm } from '../../contract/activities';
import { endAged } from '../plan/check-plan';
import type { ActivityDeps } from '../activity/deps';
import { withHeartbeats } from '../activity/heartbeats';
import { patientRead } from '../activity/patient-read';
import { endChanged } from './end-changed';
import { lookOnceMore } from './look-once-more';
import { readDecidingGroups } from '../write/read-deciding-groups';

/** Nobody is written of whom nothing is known, and nobody counts as gone: the read is repeated. */
function withoutAnswer(unanswered: number, asked: number): WebexError {
  const operation = 'GET /people';
  const message = `${operation}: ${unanswered} of ${asked} users are neither shown nor named as not found`;
  const came = { list: 'people', shown: asked - unanswered, promised: asked } as const;
  return new WebexError('incomplete', message, { operation, came });
}

const secondRead = 'users of the wave were not found, and are read a second time before it begins';

const secondReadOfMembers =
  'users who lose something are missing from their groups, which are read a second time before the wave begins';

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
        await endChanged(db, { orgId, rolloutId, wave }, { users: page.users, looked });
        await noteNotFound(db, orgId, page.notFound);
        unanswered.push(...(page.unanswered ?? []));
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
    rereadWave: (input) => rereadAndDecide(deps, input, reread),

    readShardPage: async (input) => {
      await lookOnceMore(deps, input);
      return labelledPage(deps, input);
    },
  };
}

async function rereadAndDecide(
  deps: ActivityDeps,
  { confirmed = false, ...wave }: Parameters<Activities['rereadWave']>[0],
  reread: (wave: WaveRef) => Promise<Reread>,
): ReturnType<Activities['rereadWave']> {
  const { db } = deps;
  const { orgId, rolloutId } = wave;
  const read = await patientRead(db, rolloutId, async () => {
    const { doubt, ...again } = await reread(wave);
    if (doubt !== undefined) await recordHold(db, rolloutId, doubt);
    const { stale, confirm } =
      doubt === undefined
        ? await endAgedRows(deps, { orgId, rolloutId, isConfirmed: confirmed })
        : { stale: doubt, confirm: null };
    const counts = await countOutcomes(db, rolloutId);
    const writable = counts.planned ?? 0;
    return {
      ...{ counts, writable, ...again },
      ...(stale === null ? {} : { stale }),
      // A workflow of an earlier version knows only the wait.
      ...(confirm === null ? {} : { confirm, againAfterMs: confirm.afterMs }),
    };
  });
  if (read.confirm !== undefined) await recordReadTrouble(db, rolloutId, secondReadOfMembers);
  else if (read.againAfterMs !== undefined) await recordReadTrouble(db, rolloutId, secondRead);
  return read;
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

/** R101: the plan is held where too many users would be decided differently by now. */
async function endAgedRows(
  deps: ActivityDeps,
  ref: RolloutRef & { isConfirmed: boolean },
): Promise<{ stale: string | null; confirm: ToConfirm | null }> {
  let pages = 0;
  const checked = await withHeartbeats(async (read) => {
    const confirm = await readDecidingGroups(deps, ref, read);
    if (confirm !== null) return { stale: null, confirm };
    const stale = await endAged(deps, ref, () => read.onPage?.((pages += 1)));
    return { stale, confirm };
  });
  if (checked.stale !== null) await recordHold(deps.db, ref.rolloutId, checked.stale);
  return checked;
}
