import { standingAfter, type Standing } from '../../../src/domain/rollout/asked-actions';
import {
  actionOfUpdate,
  actions,
  allowedActions,
  isFinal,
  phases,
  type Action,
  type Phase,
} from '../../../src/domain/rollout/rollout-phase';

const at = (phase: Phase, given: Partial<Standing> = {}): Standing => ({
  phase,
  paused: false,
  haltedFrom: null,
  hasPilot: true,
  ...given,
});

describe('where a rollout stands after what was asked for', () => {
  it.each<[string, Standing, Action[], Partial<Standing>]>([
    ['nothing', at('piloting'), [], { phase: 'piloting', paused: false }],
    ['a pause', at('rolling-out'), ['pause'], { phase: 'rolling-out', paused: true }],
    ['a pause and a resume', at('piloting'), ['pause', 'resume'], { paused: false }],
    ['a pause and an abort', at('piloting'), ['pause', 'abort'], { phase: 'aborted' }],
    ['a start with a pilot', at('planned'), ['start'], { phase: 'piloting' }],
    ['a start', at('planned', { hasPilot: false }), ['start'], { phase: 'rolling-out' }],
    ['a start and a pause', at('planned'), ['start', 'pause'], { phase: 'piloting', paused: true }],
    ['a promotion', at('awaiting-promotion'), ['promote'], { phase: 'rolling-out' }],
    [
      'a resume of a halt',
      at('halted', { haltedFrom: 'piloting', paused: true }),
      ['resume'],
      { phase: 'piloting', paused: false },
    ],
    ['a plan made again', at('planned'), ['replan'], { phase: 'planning' }],
    ['a handing over', at('halted'), ['replan'], { phase: 'aborted' }],
    ['what its workflow will refuse', at('planned'), ['promote'], { phase: 'planned' }],
    ['a pace', at('piloting'), ['set-pace'], { phase: 'piloting' }],
  ])('is where %s leads', (_, now, asked, expected) => {
    expect(standingAfter(now, asked)).toMatchObject(expected);
  });

  it.each(phases.filter((phase) => !isFinal(phase)))(
    'never allows twice while %s what is possible once only',
    (phase) => {
      for (const action of actions) {
        if (action === 'set-pace' || action === 'lift-wait') continue;
        const { phase: later, paused } = standingAfter(at(phase), [action]);
        const again = allowedActions({ phase: later, paused })[action];
        if (action === 'replan' && isFinal(later)) continue;
        expect([action, again.allowed]).toEqual([action, false]);
      }
    },
  );
});

describe('actionOfUpdate', () => {
  it.each([
    ['setPace', 'set-pace'],
    ['pause', 'pause'],
  ] as const)('%s is %s', (update, action) => {
    expect(actionOfUpdate(update)).toBe(action);
  });
});
