import { readGroupNames } from '../../db/directory/group-names';
import { listLicenses } from '../../db/directory/find-directory';
import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { sql } from 'drizzle-orm';
import { readCandidates } from '../../db/plan/read-candidates';
import type { Queryable } from '../../db/connect';
import {
  analyzePlanRows,
  deletePlanRows,
  insertPlanRows,
  storeSummary,
} from '../../db/plan/plan-store';
import { countOutcomes } from '../../db/rollout/rollouts';
import { readSettings } from '../../db/admin/settings';
import { readVanishedGroups } from '../../db/directory/group-covers';
import { neverStarts } from '../../domain/rollout/guards';
import { renderPlan } from '../../domain/render/render-plan';
import { PlanImpossibleError } from '../../domain/kinds/plan-context';
import { createPlanner } from '../../domain/plan/planner';
import type { PlanSummary } from '../../domain/plan/plan-summary';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import type { Phase } from '../../domain/rollout/rollout-phase';
import { candidateScope } from './candidate-query';
import { templatesForRollout } from './templates-for-rollout';
import type { Activities, StoredPlan } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';
import { refusal } from '../activity/failures';

const rowsPerBatch = 500;

interface RolloutRow extends Record<string, unknown> {
  request: RolloutRequest;
  title: string;
  created_by: string;
  phase: Phase;
}

/** Turning the mirror into a stored plan. */
export function planRolloutActivities(deps: ActivityDeps): Pick<Activities, 'planRollout'> {
  return {
    async planRollout({ orgId, rolloutId }) {
      try {
        return await deps.db.transaction(
          (tx) => plan(tx, orgId, rolloutId, deps),
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

async function plan(
  tx: Queryable,
  orgId: string,
  rolloutId: string,
  deps: ActivityDeps,
): Promise<StoredPlan> {
  const rollout = await readRollout(tx, rolloutId);
  const { request } = rollout;
  const { templates, ending } = await templatesForRollout(tx, orgId, request);
  const settings = (await readSettings(tx, orgId)).settings;
  const licenses = await listLicenses(tx, orgId);
  const vanishedGroups = await readVanishedGroups(tx, orgId);
  const groupNames = await readGroupNames(tx, orgId, vanishedGroups);
  const context = { templates, ending, licenses, settings, request, vanishedGroups, groupNames };
  const planner = createPlanner(context);
  const scope = await candidateScope(tx, { orgId, rolloutId, ...context });
  const activity = Context.current();

  for await (const page of readCandidates(tx, scope)) {
    page.forEach((candidate) => planner.survey(candidate));
    activity.heartbeat();
  }
  const summary = planner.arrange();
  const digest = createHash('sha256').update(JSON.stringify(summary));
  await deletePlanRows(tx, rolloutId);
  let batch: string[] = [];
  let storing = Promise.resolve();
  const store = async () => {
    await storing;
    storing = insertPlanRows(tx, { orgId, rolloutId, rows: batch });
    // Awaited before the next statement of this connection; until then rows are settled beside it.
    storing.catch(() => undefined);
    batch = [];
  };
  for await (const page of readCandidates(tx, scope)) {
    for (const candidate of page) {
      const row = planner.assemble(candidate);
      if (!row) continue;
      const json = JSON.stringify(row);
      digest.update(json);
      batch.push(json);
      if (batch.length >= rowsPerBatch) await store();
    }
    await storing;
    activity.heartbeat();
  }
  await store();
  await storing;
  const hex = digest.digest('hex');
  const expiresAt = new Date(Date.now() + deps.planExpiresInMs);
  await analyzePlanRows(tx);
  await storeSummary(tx, { rolloutId, summary, digest: hex, expiresAt });
  return {
    digest: hex,
    total: summary.usersInScope,
    planned: summary.planned,
    waves: summary.waves,
    counts: await countOutcomes(tx, rolloutId),
    governsFromStart: !summary.waves.some(({ wave, users }) => wave === 0 && users > 0),
    gates: request.gates,
    failurePercent: request.guards.failurePercent,
    schedule: settings.verification,
    expiresInMs: deps.planExpiresInMs,
    details: detailsOf(rollout, summary, deps.writesPerSecond),
    ...(neverStarts(request) === null ? {} : { neverStarts: true as const }),
  };
}

async function readRollout(tx: Queryable, rolloutId: string): Promise<RolloutRow> {
  const { rows } = await tx.execute<RolloutRow>(
    sql`SELECT request, title, created_by, phase FROM rollout WHERE rollout_id = ${rolloutId}`,
  );
  const [row] = rows;
  if (!row) throw refusal('PlanImpossible', `Rollout ${rolloutId} is not in the database`);
  // A workflow that was reset in Temporal begins again: its plan may be half written by now.
  if (row.phase !== 'planning') {
    throw refusal(
      'PlanImpossible',
      `Rollout ${rolloutId} is ${row.phase} and has its plan already`,
    );
  }
  return row;
}

function detailsOf(rollout: RolloutRow, summary: PlanSummary, writesPerSecond: number): string {
  const lines = renderPlan({ title: rollout.title, rows: [], summary, writesPerSecond });
  return `Asked for by **${rollout.created_by}**.\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
