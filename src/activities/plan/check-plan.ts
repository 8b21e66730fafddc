import type { RolloutRef } from '../../contract/activities';
import type { Queryable } from '../../db/connect';
import { readCheckMark, storeCheck, type CheckMark } from '../../db/plan/plan-store';
import { findRollout, countOutcomes } from '../../db/rollout/rollouts';
import { takesUpFrom } from '../../db/rollout/replan';
import { recordUnwritten } from '../../db/rollout/wave-rows';
import { PlanImpossibleError } from '../../domain/kinds/plan-context';
import { basisOf, whatChanged, type PlanBasis } from '../../domain/plan/aged/plan-basis';
import { doubtsAbout } from '../../domain/plan/aged/doubts-about';
import { staleness, type PlanAge } from '../../domain/rollout/plan-age';
import { refusal } from '../activity/failures';
import type { ActivityDeps } from '../activity/deps';
import { candidateQuery, digestDeciding } from './candidate-query';
import { countRows, differingRows } from './differing-rows';
import { readContext } from './read-context';
import { templatesToday } from './templates-to-plan';

interface CheckedPlan extends PlanAge {
  /** Rows by how today's decision about them differs from the stored one. */
  rows: ReadonlyMap<string, number[]>;
  /** Null: the request can't be planned any more. */
  basis: PlanBasis | null;
  mark: CheckMark;
}

type CheckDeps = Pick<ActivityDeps, 'db'>;

/** Called once per page. */
type OnPage = () => void;

/** R101: throws `PlanStale` where too many users would be decided differently today. */
export async function expectFresh(
  { db }: CheckDeps,
  ref: RolloutRef,
  onPage: OnPage,
): Promise<void> {
  const stale = staleness(await db.transaction((tx) => check(tx, ref, onPage), oneSnapshot));
  if (stale !== null) throw refusal('PlanStale', stale);
}

/**
 * R101: ends the rows of users who would be decided differently today, unless they are too many: then
 * none is ended, and the reason why the wave must not begin is returned.
 */
export async function endAged(
  { db }: CheckDeps,
  ref: RolloutRef,
  onPage: OnPage,
): Promise<string | null> {
  const checked = await db.transaction((tx) => check(tx, ref, onPage), oneSnapshot);
  const stale = staleness(checked);
  if (stale !== null) return stale;
  const { rolloutId } = ref;
  await db.transaction(async (tx) => {
    for (const [why, seqs] of checked.rows) {
      await recordUnwritten(tx, { rolloutId, seqs, outcome: 'conflict', detail: agedDetail(why) });
    }
    const { basis, mark } = checked;
    if (basis) await storeCheck(tx, rolloutId, { basis, ...mark });
  });
  return null;
}

/** What the row of a user says who would be decided differently. */
export function agedDetail(why: string): string {
  return `planned again today, this user would be decided differently (${why})`;
}

export const oneSnapshot = { isolationLevel: 'repeatable read' } as const;

async function check(tx: Queryable, ref: RolloutRef, onPage: OnPage): Promise<CheckedPlan> {
  const { orgId, rolloutId } = ref;
  const rollout = await findRollout(tx, orgId, rolloutId);
  if (!rollout) throw refusal('PlanImpossible', `Rollout ${rolloutId} is not in the database`);
  const left = (await countOutcomes(tx, rolloutId)).planned ?? 0;
  const { request, basis: before } = rollout;
  const mark = await readCheckMark(tx, rolloutId);
  try {
    const templates = await templatesToday(tx, ref, request.change);
    const context = await readContext(tx, { orgId, request, templates });
    const query = await candidateQuery(tx, ref, context, await takesUpFrom(tx, rollout));
    const basis = basisOf(context, await digestDeciding(tx, query));
    const changed = before === null ? [] : whatChanged(before, basis);
    if (before !== null && changed.length === 0) {
      return { ...nothingDiffers, left, basis, mark };
    }
    const rows = await differingRows(tx, { rolloutId, context, query, onPage });
    const differing = countRows(rows);
    const doubts = doubtsAbout(context.refusedLists ?? [], query.groups);
    return { left, differing, changed, doubts, rows, basis, mark, impossible: null };
  } catch (error) {
    if (!(error instanceof PlanImpossibleError)) throw error;
    return { ...nothingDiffers, left, basis: null, mark, impossible: error.message };
  }
}

const nothingDiffers = {
  differing: 0,
  changed: [],
  doubts: [],
  rows: new Map<string, number[]>(),
  impossible: null,
};
