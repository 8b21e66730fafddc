import { defaultGuards } from '../kinds/complete-request';
import type { PlanSummary } from '../plan/plan-summary';
import type { Guards, RolloutRequest } from '../request/rollout-request';
import { failureGuard, type FailureCount } from './guards';

/**
 * What a request gives up of the usual care, one phrase each: only an approver decides that. What the
 * watch starts itself has neither pilot nor gates, but what it leaves to a person has both.
 */
export function waiversOf(
  request: Pick<
    RolloutRequest,
    'change' | 'pilot' | 'gates' | 'acknowledgeIrreversible' | 'guards'
  >,
): string[] {
  if (isNeverStarted(request)) return [];
  const { pilot, gates, acknowledgeIrreversible, guards } = request;
  return [
    ...(asksForPilot(pilot) ? [] : ['it has no pilot']),
    ...(gates === 'automatic' ? ['its gates open automatically'] : []),
    ...(acknowledgeIrreversible ? ["it acknowledges what can't be undone"] : []),
    ...(isLooser(guards) ? ['its guards let more users fail than the default ones'] : []),
  ];
}

/** The rollout whose users this one has taken up. */
export interface Predecessor {
  /** Of the whole rollout, whoever resumed it meanwhile. */
  failures: FailureCount;
  /** It stood at a gate that nobody has promoted since. */
  isAtGate: boolean;
}

/** The same of a plan that is to be started: what it shows counts, not only what was asked for. */
export function waiversAtStart(plan: {
  request: RolloutRequest;
  summary: Pick<PlanSummary, 'planned' | 'waves'> | null;
  predecessor: Predecessor | null;
  /** Of a plan of the watch: why nothing is written automatically now (R106). */
  watchHold?: string | null;
}): string[] {
  const { request, summary, predecessor, watchHold = null } = plan;
  if (isNeverStarted(request)) return [];
  return [
    ...waiversOf(request),
    ...(asksForPilot(request.pilot) && hasEmptyPilot(summary) ? ['nobody is in its pilot'] : []),
    ...(predecessor && failureGuard(predecessor.failures).tripped
      ? ['it takes up users of a rollout in which too many failed']
      : []),
    ...(predecessor?.isAtGate
      ? ['it takes up users of a rollout that stood at a gate, and nobody promoted it']
      : []),
    ...(watchHold === null ? [] : [watchHold]),
  ];
}

function isNeverStarted({ change }: Pick<RolloutRequest, 'change'>): boolean {
  return change.kind === 'preview';
}

function asksForPilot(pilot: RolloutRequest['pilot']): boolean {
  return pilot !== null && (pilot.sample !== null || pilot.users.length + pilot.groups.length > 0);
}

function isLooser({ failureMin, failurePercent }: Guards): boolean {
  return failureMin > defaultGuards.failureMin || failurePercent > defaultGuards.failurePercent;
}

function hasEmptyPilot(summary: Pick<PlanSummary, 'planned' | 'waves'> | null): boolean {
  if (summary === null || summary.planned === 0) return false;
  return !summary.waves.some(({ wave, users }) => wave === 0 && users > 0);
}
