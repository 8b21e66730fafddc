import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { sql } from 'drizzle-orm';
import type { Queryable } from '../db/connect';
import {
  analyzePlanRows,
  deletePlanRows,
  insertPlanRows,
  readCandidates,
  readLicenses,
  storeSummary,
  type CandidateScope,
} from '../db/plan-store';
import { countOutcomes } from '../db/phase';
import { readSettings } from '../db/settings';
import { renderPlan } from '../domain/render-plan';
import { defaultSettings } from '../domain/default-settings';
import { PlanImpossibleError, createPlanner } from '../domain/planner';
import type { Template } from '../domain/model';
import type { PlanSummary } from '../domain/plan-summary';
import type { RolloutRequest } from '../domain/rollout-request';
import type { Phase } from '../domain/rollout-phase';
import { templatesForRollout } from './templates-for-rollout';
import type { Activities, StoredPlan } from './contract';
import type { ActivityDeps } from './deps';
import { refusal } from './failures';

const rowsPerBatch = 500;

interface RolloutRow extends Record<string, unknown> {
  request: RolloutRequest;
  title: string;
  created_by: string;
  phase: Phase;
}

/** Turning the mirror into a stored plan. */
export function planActivities(deps: ActivityDeps): Pick<Activities, 'planRollout'> {
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
  const templates = await templatesForRollout(tx, orgId, request);
  const settings = (await readSettings(tx, orgId, defaultSettings)).settings;
  const licenses = await readLicenses(tx, orgId);
  const planner = createPlanner({ templates, licenses, settings, request });
  const scope = scopeOf(orgId, request, templates);
  const context = Context.current();

  for await (const page of readCandidates(tx, scope)) {
    page.forEach((candidate) => planner.survey(candidate));
    context.heartbeat();
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
      const row = planner.settle(candidate);
      if (!row) continue;
      const json = JSON.stringify(row);
      digest.update(json);
      batch.push(json);
      if (batch.length >= rowsPerBatch) await store();
    }
    await storing;
    context.heartbeat();
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

function scopeOf(
  orgId: string,
  request: RolloutRequest,
  templates: readonly Template[],
): CandidateScope {
  const { change, pilot, existingUsers } = request;
  const templatedGroups = templates.flatMap(({ scope }) =>
    scope.kind === 'group' ? [scope.groupId] : [],
  );
  const base = {
    orgId,
    templatedGroups,
    onlyGroups: null,
    onlyUsers: null,
    pilotUsers: pilot?.users ?? [],
    pilotGroups: pilot?.groups ?? [],
  };
  if (!existingUsers) return { ...base, onlyUsers: [] };
  if (change.kind === 'template') {
    const target = templates.find(({ templateId }) => templateId === change.templateId);
    return target?.scope.kind === 'group' ? { ...base, onlyGroups: [target.scope.groupId] } : base;
  }
  if ('groups' in change.from) {
    // Memberships in the named groups decide who is in scope.
    const { groups } = change.from;
    return { ...base, onlyGroups: groups, templatedGroups: [...templatedGroups, ...groups] };
  }
  return 'users' in change.from ? { ...base, onlyUsers: change.from.users } : base;
}

function detailsOf(rollout: RolloutRow, summary: PlanSummary, writesPerSecond: number): string {
  const lines = renderPlan({ title: rollout.title, rows: [], summary, writesPerSecond });
  return `Asked for by **${rollout.created_by}**.\n\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
