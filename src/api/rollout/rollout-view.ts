import type { OrganizationRow } from '../../db/directory/find-directory';
import { countOutcomes, findWritingRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { neverStarts, startObstacles } from '../../domain/rollout/guards';
import { type Outcome, outcomes } from '../../domain/model/outcome';
import {
  allowedActions,
  isFinal,
  isWriting,
  type Action,
  type ActionVerdict,
} from '../../domain/rollout/rollout-phase';
import { rolloutAddress } from '../http/addresses';
import type { ApiDeps } from '../http/deps';
import { planSeconds, secondsLeft } from './estimate';
import { feedbackSummary } from './feedback-view';
import { currentPace } from '../directory/current-pace';

export type Counts = Partial<Record<Outcome, number>>;

export function rolloutBrief(row: RolloutRow) {
  return {
    rolloutId: row.rolloutId,
    kind: row.request.change.kind,
    title: row.title,
    phase: row.phase,
    phaseVersion: row.phaseVersion,
    paused: row.paused,
    templateId: row.templateId,
    templateRevision: row.templateRevision,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    startedAt: at(row.startedAt),
    startedBy: row.startedBy,
    endedAt: at(row.endedAt),
    links: { self: rolloutAddress(row.orgId, row.rolloutId) },
  };
}

/** For every action, whether it makes sense now and why not. `writing`: the organization's (R25). */
export function verdictsOf(
  row: RolloutRow,
  counts: Counts,
  writing: RolloutRow | undefined,
): Record<Action, ActionVerdict> {
  const busy =
    writing && writing.rolloutId !== row.rolloutId && !isWriting(row.phase)
      ? `Rollout ${writing.rolloutId} is ${writing.phase}: one at a time writes in an organization (R25).`
      : null;
  const verdicts = allowedActions({
    phase: row.phase,
    paused: row.paused,
    failedUsers: counts.failed ?? 0,
    startObstacles: obstaclesOf(row),
  });
  if (busy === null) return verdicts;
  const held = (verdict: ActionVerdict): ActionVerdict =>
    verdict.allowed ? { allowed: false, why: busy } : verdict;
  return {
    ...verdicts,
    start: held(verdicts.start),
    'retry-failed': held(verdicts['retry-failed']),
  };
}

function obstaclesOf({ summary, request }: RolloutRow): string[] {
  const never = neverStarts(request);
  if (never !== null) return [never];
  return summary ? startObstacles(summary, request) : [];
}

export function allowedNames(verdicts: Record<Action, ActionVerdict>): Action[] {
  const entries = Object.entries(verdicts) as [Action, ActionVerdict][];
  return entries.flatMap(([action, verdict]) => (verdict.allowed ? [action] : []));
}

/** A rollout with all that a page needs without knowing our rules. */
export async function rolloutView(deps: ApiDeps, organization: OrganizationRow, row: RolloutRow) {
  const now = new Date();
  const self = rolloutAddress(row.orgId, row.rolloutId);
  const [counts, pace, writing, feedback] = await Promise.all([
    countOutcomes(deps.db, row.rolloutId),
    currentPace(deps, row.orgId, now),
    findWritingRollout(deps.db, row.orgId),
    feedbackSummary(deps.db, row.rolloutId, self),
  ]);
  const verdicts = verdictsOf(row, counts, writing);
  const refused = Object.entries(verdicts).flatMap(([action, verdict]) =>
    verdict.allowed ? [] : [[action, verdict.why]],
  );
  const rate = pace.writesPerSecond;
  return {
    ...rolloutBrief(row),
    request: row.request,
    phaseReason: row.phaseReason,
    wave: row.wave,
    waitingFor: row.waitingFor,
    digest: row.digest,
    summary: row.summary,
    plannedAt: at(row.plannedAt),
    expiresAt: at(row.expiresAt),
    lastWriteAt: at(row.lastWriteAt),
    deadlineAt: at(row.deadlineAt),
    counts: linkedCounts(counts, self),
    total: Object.values(counts).reduce((sum, users) => sum + users, 0),
    allowedActions: allowedNames(verdicts),
    refusedActions: Object.fromEntries(refused) as Partial<Record<Action, string>>,
    feedback,
    restoreWith: restoreWith(row),
    pace,
    planSeconds: row.summary && planSeconds(row.summary, rate),
    secondsLeft: timeLeft(row, counts, rate),
    asOf: at(row.plannedAt ?? organization.observedAt),
    links: {
      self,
      plan: `${self}/plan`,
      users: `${self}/users`,
      report: `${self}/report.csv`,
      progress: `${self}/progress`,
      events: `${self}/events`,
      temporal: temporalAddress(deps, row.workflowId),
    },
  };
}

/** R81: restoring is one request. */
function restoreWith({ request, startedAt, rolloutId }: RolloutRow) {
  if (request.change.kind !== 'remove-services' || startedAt === null) return null;
  return { change: { kind: 'restore-services' as const, rolloutId } };
}

/** Null before there is a plan, and once nothing is left to write. */
export function timeLeft(row: RolloutRow, counts: Counts, writesPerSecond: number): number | null {
  if (!row.summary || row.phase === 'verifying' || isFinal(row.phase)) return null;
  const unwritten = counts.planned ?? 0;
  return secondsLeft({ summary: row.summary, wave: row.wave, unwritten, writesPerSecond });
}

function linkedCounts(counts: Counts, self: string) {
  const known = outcomes.filter((outcome) => counts[outcome] !== undefined);
  return Object.fromEntries(
    known.map((outcome) => [
      outcome,
      { users: counts[outcome] ?? 0, href: `${self}/users?outcome=${outcome}` },
    ]),
  );
}

function temporalAddress(deps: ApiDeps, workflowId: string): string | null {
  if (!deps.temporalUiUrl) return null;
  const namespace = encodeURIComponent(deps.temporalNamespace ?? 'default');
  const id = encodeURIComponent(workflowId);
  return `${deps.temporalUiUrl.replace(/\/+$/, '')}/namespaces/${namespace}/workflows/${id}`;
}

function at(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
