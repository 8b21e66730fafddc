import type { OrganizationRow } from '../../db/directory/find-directory';
import type { RolloutState } from '../../db/rollout/rollout-state';
import type { RolloutBrief, RolloutRow } from '../../db/rollout/rollouts';
import { waitText, type StoredWaits } from '../../db/rollout/progress/wait-text';
import { type Outcome, outcomes } from '../../domain/model/outcome';
import { startObstacle } from '../../domain/rollout/start-obstacle';
import { isFinal, type Action, type ActionVerdict } from '../../domain/rollout/rollout-phase';
import type { PaceView } from '../directory/pace-view';
import { rolloutAddress } from '../http/parameters/addresses';
import { actionVerdicts, allowedNames } from './actions/action-verdicts';
import { planSeconds, secondsLeft } from './estimate';
import { feedbackSummary } from './feedback/feedback-view';

export type Counts = Partial<Record<Outcome, number>>;

export function rolloutBriefView(row: RolloutBrief) {
  return {
    rolloutId: row.rolloutId,
    kind: row.kind,
    title: row.title,
    phase: row.phase,
    phaseVersion: row.phaseVersion,
    paused: row.paused,
    templateId: row.templateId,
    templateRevision: row.templateRevision,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    startedAt: isoOrNull(row.startedAt),
    startedBy: row.startedBy,
    endedAt: isoOrNull(row.endedAt),
    links: { self: rolloutAddress(row.orgId, row.rolloutId) },
  };
}

/** A rollout with everything that a page needs to know about it and its actions. */
export function rolloutView(
  state: RolloutState,
  shown: { organization: OrganizationRow; pace: PaceView; temporal: string | null },
) {
  const { row, counts } = state;
  const { organization, pace, temporal } = shown;
  const self = rolloutAddress(row.orgId, row.rolloutId);
  const verdicts = actionVerdicts(state);
  const rate = pace.writesPerSecond;
  return {
    ...rolloutBriefView({ ...row, kind: row.request.change.kind }),
    request: row.request,
    phaseReason: row.phaseReason,
    wave: row.wave,
    waitingFor: waitText(row, state.waits, startObstacle(row, state.writing)),
    replanOf: row.replanOf === null ? null : rolloutAddress(row.orgId, row.replanOf),
    digest: row.digest,
    summary: row.summary,
    plannedAt: isoOrNull(row.plannedAt),
    expiresAt: isoOrNull(row.expiresAt),
    lastWriteAt: isoOrNull(row.lastWriteAt),
    deadlineAt: isoOrNull(row.deadlineAt),
    verifyingUntil: isoOrNull(row.verifyingUntil),
    counts: linkedCounts(counts, self),
    total: Object.values(counts).reduce((sum, users) => sum + users, 0),
    allowedActions: allowedNames(verdicts),
    refusedActions: refusals(verdicts),
    feedback: feedbackSummary(state, self),
    restoreWith: restoreWith(row),
    pace,
    planSeconds: row.summary && planSeconds(row.summary, rate),
    secondsLeft: timeLeft(row, counts, { ...timesOf(state.waits), writesPerSecond: rate }),
    asOf: isoOrNull(row.plannedAt ?? organization.observedAt),
    links: {
      self,
      plan: `${self}/plan`,
      users: `${self}/users`,
      report: `${self}/report.csv`,
      progress: `${self}/progress`,
      events: `${self}/events`,
      temporal,
    },
  };
}

function refusals(verdicts: Record<Action, ActionVerdict>): Partial<Record<Action, string>> {
  const refused = Object.entries(verdicts).flatMap(([action, verdict]) =>
    verdict.allowed ? [] : [[action, verdict.why]],
  );
  return Object.fromEntries(refused) as Partial<Record<Action, string>>;
}

/** The body of the request that restores the services (R81). */
function restoreWith({ request, startedAt, rolloutId }: RolloutRow) {
  if (request.change.kind !== 'remove-services' || startedAt === null) return null;
  return { change: { kind: 'restore-services' as const, rolloutId } };
}

/** The waits that `secondsLeft` counts. */
type TimedWaits = Pick<StoredWaits, 'soakSeconds' | 'throttledSeconds'>;

export function timesOf({ soakSeconds, throttledSeconds }: StoredWaits): TimedWaits {
  return { soakSeconds, throttledSeconds };
}

/** Seconds until the last write; null before there is a plan, and once nothing is left to write. */
export function timeLeft(
  row: RolloutRow,
  counts: Counts,
  { writesPerSecond, ...waits }: { writesPerSecond: number } & TimedWaits,
): number | null {
  if (!row.summary || row.phase === 'verifying' || isFinal(row.phase)) return null;
  const unwritten = counts.planned ?? 0;
  return secondsLeft({
    ...waits,
    summary: row.summary,
    wave: row.wave,
    unwritten,
    writesPerSecond,
  });
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

function isoOrNull(date: Date | null): string | null {
  return date?.toISOString() ?? null;
}
