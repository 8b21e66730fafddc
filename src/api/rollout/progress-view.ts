import { countOutcomes, type RolloutRow } from '../../db/rollout/rollouts';
import { isFinal, isWriting } from '../../domain/rollout/rollout-phase';
import type { ApiDeps } from '../http/deps';
import { paceOf } from '../directory/pace-view';
import { timeLeft } from './rollout-view';

/**
 * How far a rollout is. Users are counted in the database: what shards last reported is older, and two
 * sources by turns would make figures fall. The rest is from the workflow's memory where a worker answers.
 */
export async function progressView(deps: ApiDeps, row: RolloutRow) {
  const told = isFinal(row.phase) ? null : await deps.jobs.progress(row.workflowId);
  // The row is written first: what a workflow said before that is older.
  const live = told && told.phaseVersion >= row.phaseVersion ? told : null;
  const counts = await countOutcomes(deps.db, row.rolloutId);
  const { writesPerSecond } = await paceOf(deps, row.orgId, new Date());
  const now = { ...row, phase: live?.phase ?? row.phase, wave: live?.wave ?? row.wave };
  const deadlineAt = live?.deadlineAt ?? row.deadlineAt?.getTime() ?? null;
  return {
    rolloutId: row.rolloutId,
    phase: now.phase,
    phaseVersion: live?.phaseVersion ?? row.phaseVersion,
    paused: live?.paused ?? row.paused,
    wave: now.wave,
    waves: row.summary?.waves.length ?? 0,
    waitingFor: live ? live.waitingFor : row.waitingFor,
    counts,
    total: Object.values(counts).reduce((sum, users) => sum + users, 0),
    secondsLeft:
      now.phase === 'planned' || isWriting(now.phase)
        ? timeLeft(now, counts, writesPerSecond)
        : null,
    deadlineAt: deadlineAt === null ? null : new Date(deadlineAt).toISOString(),
    source: live ? ('workflow' as const) : ('database' as const),
  };
}
export type ProgressView = Awaited<ReturnType<typeof progressView>>;
