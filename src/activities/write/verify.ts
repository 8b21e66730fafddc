import type { Activities, RolloutRef, SweepResult } from '../../contract/activities';
import type { Db } from '../../db/connect';
import { populationOf } from '../../db/directory/find-directory';
import { mirrorUsers } from '../../db/directory/mirror/mirror-people';
import { noteNotFound } from '../../db/directory/settle/missing-people';
import { beginRead, type DirectoryRead } from '../../db/directory/reads';
import {
  countUnconverged,
  markConverged,
  markSuperseded,
  markUnconverged,
  unconvergedPersons,
  unconvergedRows,
} from '../../db/rollout/wave-rows';
import { endFollowUp, hasEnded } from '../../db/rollout/follow-up';
import {
  countUnanswered,
  settleUnanswered,
  unansweredPersons,
} from '../../db/rollout/ending/unanswered-rows';
import { targetKey } from '../../domain/model/target-key';
import { wasRefused } from '../../domain/model/was-refused';
import { judgeConvergence } from '../../domain/write/convergence';
import type { PeopleRead, ReadOptions } from '../../webex/port/webex';
import type { ActivityDeps } from '../activity/deps';
import { withHeartbeats } from '../activity/heartbeats';
import { patientRead } from '../activity/patient-read';
import { recordLateSuccesses } from './late-success';

const repeatsPerSweep = 500;

type Waves = RolloutRef & { waves: number[] };

/** Checks whether Webex shows what was written. */
export function verifyActivities(deps: ActivityDeps): Pick<Activities, 'sweep' | 'giveUp'> {
  return {
    async sweep(input) {
      return await patientRead(deps.db, input.rolloutId, () =>
        withHeartbeats((read) => sweep(deps, input, read)),
      );
    },

    async giveUp({ rolloutId, waves }) {
      await markSuperseded(deps.db, rolloutId, waves);
      const unconverged = await markUnconverged(deps.db, rolloutId, waves);
      if (await hasEnded(deps.db, rolloutId)) await settleUnanswered(deps.db, rolloutId, waves);
      await endFollowUp(deps.db, rolloutId);
      return { unconverged };
    },
  };
}

async function sweep(
  { db, webex }: ActivityDeps,
  input: Waves,
  read: ReadOptions,
): Promise<SweepResult> {
  const { orgId, rolloutId, waves } = input;
  await markSuperseded(db, rolloutId, waves);
  const written = await unconvergedPersons(db, rolloutId, waves);
  const unanswered = await unansweredPersons(db, rolloutId, waves);
  const personIds = [...new Set([...written, ...unanswered])];
  let converged = 0;
  const repeat: number[] = [];
  if (personIds.length > 0) {
    const population = await populationOf(db, orgId);
    const looked = await beginRead(db, orgId);
    for await (const page of webex.readPeople(personIds, population, read)) {
      const late = await recordLateSuccesses(db, input, page.users);
      converged += late.converged;
      repeat.push(...late.repeat);
      const judged = await judgePage(db, { ...input, looked }, page);
      converged += judged.converged.length;
      repeat.push(...judged.repeat);
      await noteNotFound(db, orgId, page.notFound);
    }
  }
  const isOver = await hasEnded(db, rolloutId);
  // A rollout ends without users who count as failed; after its end, they are looked at till the deadline.
  const unconverged =
    (await countUnconverged(db, rolloutId, waves)) +
    (isOver ? await countUnanswered(db, rolloutId, waves) : 0);
  if (unconverged === 0) await endFollowUp(db, rolloutId);
  const most = isOver ? 0 : repeatsPerSweep;
  return { unconverged, converged, repeat: [...new Set(repeat)].slice(0, most) };
}

/** Judges one page of people; `repeat` are the rows that only a repeated write can decide. */
async function judgePage(
  db: Db,
  { orgId, rolloutId, waves, looked }: Waves & { looked: DirectoryRead },
  page: PeopleRead,
): Promise<{ converged: number[]; repeat: number[] }> {
  await mirrorUsers(db, orgId, page.users, looked);
  const seen = new Map(page.users.map((user) => [user.personId, user.holdings]));
  const rows = await unconvergedRows(db, { rolloutId, waves, personIds: [...seen.keys()] });
  const converged: number[] = [];
  const repeat: number[] = [];
  for (const row of rows) {
    const observed = seen.get(row.personId);
    if (!observed) continue;
    const changes = row.changes.filter(
      (change) => !wasRefused(row, change) && !row.superseded.includes(targetKey(change.target)),
    );
    const { isLate, repeated: answered } = row;
    const verdict = judgeConvergence({ changes, observed, answered, isLate });
    if (verdict === 'converged') converged.push(row.seq);
    if (verdict === 'needs-repeat-write') repeat.push(row.seq);
  }
  await markConverged(db, rolloutId, converged);
  return { converged, repeat };
}
