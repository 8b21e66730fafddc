import { allowedActions, type Action, type Phase } from './rollout-phase';

/** Where a rollout stands, as far as actions can change it. */
export interface Standing {
  phase: Phase;
  paused: boolean;
  /** While halted: the phase that `resume` leads back to. */
  haltedFrom: Phase | null;
  /** The first wave of its plan is a pilot. */
  hasPilot: boolean;
}

/**
 * Where a rollout stands once the actions that were accepted, and that no workflow has taken yet, are
 * carried out, oldest first. Whoever asks for the next action means that state: `resume` after a `pause`
 * that waits for Temporal is no mistake. An action that its workflow will refuse leads nowhere.
 */
export function standingAfter<S extends Standing>(now: S, asked: readonly Action[]): S {
  return asked.reduce<S>((standing, action) => {
    const { phase, paused } = standing;
    if (!allowedActions({ phase, paused })[action].allowed) return standing;
    return { ...standing, ...leadsTo[action]?.(standing) };
  }, now);
}

/**
 *   action    of          leads to
 *   start     planned     the pilot, or the first wave where there is none
 *   discard   a plan      discarded
 *   promote   a gate      the next wave
 *   pause     any         the same phase, paused
 *   resume    halted      the phase before the halt
 *             paused      the same phase
 *   abort     any         aborted
 *   replan    planned     planning
 *             any other   aborted: another rollout takes up what is left
 */
const leadsTo: Partial<Record<Action, (standing: Standing) => Partial<Standing>>> = {
  start: ({ hasPilot }) => ({ phase: hasPilot ? 'piloting' : 'rolling-out' }),
  discard: () => ({ phase: 'discarded' }),
  promote: () => ({ phase: 'rolling-out' }),
  pause: () => ({ paused: true }),
  resume: ({ phase, haltedFrom }) => ({
    phase: phase === 'halted' ? (haltedFrom ?? 'rolling-out') : phase,
    paused: false,
  }),
  abort: () => ({ phase: 'aborted', paused: false }),
  replan: ({ phase }) => ({ phase: phase === 'planned' ? 'planning' : 'aborted', paused: false }),
};
