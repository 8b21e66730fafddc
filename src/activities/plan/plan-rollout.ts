import { Context } from '@temporalio/activity';
import type { Activities, StoredPlan } from '../../contract/activities';
import { inBulkTransaction, type BulkTransaction } from '../../db/bulk-transaction';
import type { Queryable } from '../../db/connect';
import { storeRequest, storeSummary } from '../../db/plan/plan-store';
import { keepPlannedBaseline } from '../../db/templates/group-baseline';
import { nextRequestOf, takesUpFrom } from '../../db/rollout/replan';
import { countOutcomes, findRollout, type RolloutRow } from '../../db/rollout/rollouts';
import type { NextRequest } from '../../domain/request/next-request';
import { PlanImpossibleError } from '../../domain/kinds/plan-context';
import { createPlanner } from '../../domain/plan/planner';
import { basisOf } from '../../domain/plan/aged/plan-basis';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import { renderPlan } from '../../domain/render/render-plan';
import { mergeSteps } from '../../domain/rollout/shards';
import { kindOf } from '../../domain/kinds/kind-of';
import type { ActivityDeps } from '../activity/deps';
import { refusal } from '../activity/failures';
import { candidateQuery, digestDeciding } from './candidate-query';
import { storeRows, surveyCandidates } from './plan-passes';
import { readContext } from './read-context';
import { sinceLastPlan } from './since-last-plan';
import { templatesToPlan } from './templates-to-plan';

interface PlanAsked {
  orgId: string;
  rolloutId: string;
  requestId?: string;
}

/** Turning the mirror into a stored plan. */
export function planRolloutActivities(deps: ActivityDeps): Pick<Activities, 'planRollout'> {
  return {
    async planRollout(ids) {
      try {
        // One snapshot for both passes: the second must meet the users of the first.
        return await inBulkTransaction(deps.db, (bulk) => plan(bulk, ids, deps));
      } catch (error) {
        if (error instanceof PlanImpossibleError) throw refusal('PlanImpossible', error.message);
        throw error;
      }
    },
  };
}

async function plan(
  bulk: BulkTransaction,
  ids: PlanAsked,
  deps: ActivityDeps,
): Promise<StoredPlan> {
  const { tx } = bulk;
  const { rollout, next } = await findUnplanned(tx, ids);
  const { orgId, rolloutId } = ids;
  const { request } = next ?? rollout;
  const templates = await templatesToPlan(tx, ids, request.change);
  const context = await readContext(tx, { orgId, request, templates });
  const planner = createPlanner(context);
  const from = await takesUpFrom(tx, rollout);
  const query = await candidateQuery(tx, ids, context, from);
  const heartbeat = () => Context.current().heartbeat();
  const basis = basisOf(context, await digestDeciding(tx, query));
  const since = await sinceLastPlan(tx, { rollout, from, context, query, basis, heartbeat });
  await surveyCandidates(bulk, { planner, query, heartbeat });
  const arranged = planner.arrange();
  const summary = { ...arranged, warnings: [...since, ...arranged.warnings] };
  const digest = await storeRows(bulk, { ...ids, planner, query, summary, heartbeat });
  const expiresAt = new Date(Date.now() + deps.planExpiresInMs);
  if (next) await storeRequest(tx, rolloutId, next);
  await storeSummary(tx, { rolloutId, summary, digest, basis, expiresAt });
  const { change } = request;
  if (change.kind === 'template') {
    await keepPlannedBaseline(tx, { orgId, templateId: change.templateId });
  }
  return {
    digest,
    total: summary.usersInScope,
    planned: summary.planned,
    // The steps of a large plan would not fit into a payload.
    waves: summary.waves.map((wave) => ({
      ...wave,
      steps: mergeSteps(wave, summary.waves.length),
    })),
    counts: await countOutcomes(tx, rolloutId),
    governsFromStart: !summary.waves.some(({ wave, users }) => wave === 0 && users > 0),
    gates: request.gates,
    failurePercent: request.guards.failurePercent,
    schedule: context.settings.verification,
    expiresInMs: deps.planExpiresInMs,
    details: detailsOf({ ...rollout, ...next }, summary, deps.writesPerSecond),
    ...(kindOf(request.change).neverStarts === null ? {} : { neverStarts: true as const }),
  };
}

interface Unplanned {
  rollout: RolloutRow;
  /** The request by which it is planned again. */
  next: NextRequest | null;
}

async function findUnplanned(
  tx: Queryable,
  { orgId, rolloutId, requestId }: PlanAsked,
): Promise<Unplanned> {
  const row = await findRollout(tx, orgId, rolloutId);
  if (!row) throw new PlanImpossibleError(`Rollout ${rolloutId} is not in the database`);
  // A workflow that was reset in Temporal begins again: its plan may be half written by now.
  if (row.phase === 'planning') {
    return { rollout: row, next: requestId === undefined ? null : nextRequestOf(row, requestId) };
  }
  throw new PlanImpossibleError(`Rollout ${rolloutId} is ${row.phase} and has its plan already`);
}

/** The plan without its users, as Temporal's UI shows it. */
function detailsOf(
  rollout: Pick<RolloutRow, 'title' | 'createdBy'>,
  summary: PlanSummary,
  writesPerSecond: number,
): string {
  const lines = renderPlan({ title: rollout.title, rows: [], summary, writesPerSecond });
  return `Requested by **${rollout.createdBy}**.\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
