/**
 * How often a rollout can be steered. Each action of people is an update of its workflow and adds events
 * to the history, of which Temporal takes a limited number: past it the workflow would be ended in the
 * middle of a wave.
 */
import type { Action, Phase } from './rollout-phase';
import { eventsPerTelling, mostTellings } from './telling';

const temporal = { events: 51_200, updates: 2_000 };
/** Kept for what is always possible, for actions that arrive together, and for what the workflow is told. */
const reserve = { events: 2_000 + mostTellings * eventsPerTelling, updates: 200 };

/** Events that an action adds, at most, with the halt that may follow a resume; measured on a server. */
export const eventsPerAction = 50;

export interface Steered {
  /** Actions that the workflow has taken. */
  actions: number;
  /** Events in its history. */
  events: number;
  /** Events that its plan costs at most, from `workflowCost`. */
  planEvents: number;
}

/**
 * Why an action isn't possible any more; null if there is room for it. A rollout can always be stopped:
 *
 *   pause, abort, discard             always
 *   replan, which ends the rollout    always
 *   replan of a plan that waits       while there is room
 *   everything else                   while there is room
 */
export function steeringObstacle(
  { actions, events, planEvents }: Steered,
  { action, phase }: { action: Action; phase: Phase },
): string | null {
  const isAlways = stops.includes(action) || (action === 'replan' && phase !== 'planned');
  const hasUpdates = actions < temporal.updates - reserve.updates;
  const hasEvents = events + planEvents < temporal.events - reserve.events;
  if (isAlways || (hasUpdates && hasEvents)) return null;
  const instead =
    phase === 'planned' ? 'Discard it and plan a new one' : 'Abort it, or plan it again';
  return `The rollout has taken so many actions that Temporal takes no more of them. ${instead}.`;
}

const stops: readonly Action[] = ['pause', 'abort', 'discard'];
