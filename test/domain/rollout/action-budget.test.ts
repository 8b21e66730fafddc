import {
  eventsPerAction,
  steeringObstacle,
  type Steered,
} from '../../../src/domain/rollout/action-budget';
import type { PlanWave } from '../../../src/domain/plan/plan-summary';
import { workflowCost } from '../../../src/domain/rollout/shards';
import type { Action, Phase } from '../../../src/domain/rollout/rollout-phase';

/** What Temporal takes from one workflow. */
const server = { events: 51_200, updates: 2_000 };
const fresh: Steered = { actions: 0, events: 0, planEvents: 0 };

describe('steeringObstacle', () => {
  const full: [string, Steered][] = [
    ['of actions', { ...fresh, actions: 1_800 }],
    ['of events', { ...fresh, events: 49_200 }],
    ['of events that its plan still needs', { ...fresh, events: 30_000, planEvents: 19_200 }],
  ];
  it.each(full)('refuses what goes on in a workflow that is full %s', (_, steered) => {
    const verdictOf = (action: Action, phase: Phase) =>
      steeringObstacle(steered, { action, phase });
    for (const action of ['resume', 'set-pace', 'promote', 'start'] as const) {
      expect(verdictOf(action, 'halted')).toMatch('Abort it, or plan it again.');
    }
    expect(verdictOf('replan', 'planned')).toMatch('Discard it and plan a new one.');
  });

  it.each(full)('refuses nothing that stops a rollout which is full %s', (_, steered) => {
    for (const action of ['pause', 'abort', 'discard', 'replan'] as const) {
      expect(steeringObstacle(steered, { action, phase: 'halted' })).toBeNull();
    }
  });

  it.each([
    ['a small rollout', wavesOf(60), 400],
    ['1,000,000 users in 100 waves', wavesOf(...Array.from({ length: 100 }, () => 10_000)), 250],
  ])('lets %s be paused and resumed often, and ends before Temporal does', (_, waves, least) => {
    const all = workflowCost(waves).events;
    const last = workflowCost(waves, waves.length).events;
    for (const [events, planEvents] of [
      [0, all],
      [all, last],
    ] as const) {
      const steered = { actions: 0, events, planEvents };
      while (steeringObstacle(steered, { action: 'resume', phase: 'halted' }) === null) {
        steered.actions += 2;
        steered.events += 2 * eventsPerAction;
      }
      expect(steered.actions / 2).toBeGreaterThan(least);
      // What arrived together with the last one, a pause and the end are still to come.
      expect(steered.actions + 100).toBeLessThan(server.updates);
      expect(steered.events + planEvents + 20 * eventsPerAction).toBeLessThan(server.events);
    }
  });
});

/** Waves with so many users, each of one step. */
function wavesOf(...sizes: number[]): PlanWave[] {
  let last = 0;
  return sizes.map((users, i) => {
    const fromSeq = last + 1;
    last += users;
    const steps = [{ step: 0, fromSeq, toSeq: last }];
    return { wave: i + 1, users, soakSeconds: 0, steps };
  });
}
