import { Context } from '@temporalio/activity';
import type { Activities, StoredPlan } from '../../contract/activities';
import type { Queryable } from '../../db/connect';
import { storeSummary } from '../../db/plan/plan-store';
import { digestMemberships } from '../../db/plan/read-basis';
import { keepPlannedBaseline } from '../../db/templates/group-baseline';
import { countOutcomes, findRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { PlanImpossibleError } from '../../domain/kinds/plan-context';
import { createPlanner } from '../../domain/plan/planner';
import { basisOf } from '../../domain/plan/plan-basis';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import { renderPlan } from '../../domain/render/render-plan';
import { mergeSteps } from '../../domain/rollout/shards';
import { kindOf } from '../../domain/kinds/kind-of';
import type { ActivityDeps } from '../activity/deps';
import { refusal } from '../activity/failures';
import { candidateQuery } from './candidate-query';
import { storeRows, surveyCandidates } from './plan-passes';
import { readContext } from './read-context';
import { templatesToPlan } from './templates-to-plan';

interface RolloutIds {
  orgId: string;
  rolloutId: string;
}

/** Turning the mirror into a stored plan. */
export function planRolloutActivities(deps: ActivityDeps): Pick<Activities, 'planRollout'> {
  return {
    async planRollout(ids) {
      try {
        return await deps.db.transaction(
          (tx) => plan(tx, ids, deps),
          // One snapshot for both passes: the second must meet the users of the first.
          { isolationLevel: 'repeatable read' },
        );
      } catch (error) {
        if (error instanceof PlanImpossibleError) throw refusal('PlanImpossible', error.message);
        throw error;
      }
    },
  };
}

async function plan(tx: Queryable, ids: RolloutIds, deps: ActivityDeps): Promise<StoredPlan> {
  const rollout = await findUnplanned(tx, ids);
  const { orgId } = ids;
  const templates = await templatesToPlan(tx, orgId, rollout.request.change);
  const context = await readContext(tx, { orgId, request: rollout.request, templates });
  const planner = createPlanner(context);
  const query = await candidateQuery(tx, ids, context);
  const heartbeat = () => Context.current().heartbeat();
  await surveyCandidates(tx, { planner, query, heartbeat });
  const summary = planner.arrange();
  const digest = await storeRows(tx, { ...ids, planner, query, summary, heartbeat });
  const expiresAt = new Date(Date.now() + deps.planExpiresInMs);
  const basis = basisOf(context, await digestMemberships(tx, orgId, query.groups));
  await storeSummary(tx, { rolloutId: ids.rolloutId, summary, digest, basis, expiresAt });
  const { request } = context;
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
    counts: await countOutcomes(tx, ids.rolloutId),
    governsFromStart: !summary.waves.some(({ wave, users }) => wave === 0 && users > 0),
    gates: request.gates,
    failurePercent: request.guards.failurePercent,
    schedule: context.settings.verification,
    expiresInMs: deps.planExpiresInMs,
    details: detailsOf(rollout, summary, deps.writesPerSecond),
    ...(kindOf(request.change).neverStarts === null ? {} : { neverStarts: true as const }),
  };
}

async function findUnplanned(tx: Queryable, { orgId, rolloutId }: RolloutIds): Promise<RolloutRow> {
  const row = await findRollout(tx, orgId, rolloutId);
  if (!row) throw new PlanImpossibleError(`Rollout ${rolloutId} is not in the database`);
  // A workflow that was reset in Temporal begins again: its plan may be half written by now.
  if (row.phase === 'planning') return row;
  throw new PlanImpossibleError(`Rollout ${rolloutId} is ${row.phase} and has its plan already`);
}

/** The plan without its users, as Temporal's UI shows it. */
function detailsOf(rollout: RolloutRow, summary: PlanSummary, writesPerSecond: number): string {
  const lines = renderPlan({ title: rollout.title, rows: [], summary, writesPerSecond });
  return `Requested by **${rollout.createdBy}**.\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
