import {
  actions,
  allowedActions,
  canMove,
  finalPhases,
  isFinal,
  isWriting,
  phases,
  transitions,
  writingPhases,
  type Action,
  type Phase,
} from '../../../src/domain/rollout/rollout-phase';

function allowed(phase: Phase, rest: Partial<Parameters<typeof allowedActions>[0]> = {}): Action[] {
  const verdicts = allowedActions({ phase, paused: false, ...rest });
  return actions.filter((action) => verdicts[action].allowed);
}

describe('the phases of a rollout', () => {
  it.each([
    ['planning', 'planned'],
    ['planned', 'piloting'],
    ['piloting', 'awaiting-promotion'],
    ['awaiting-promotion', 'rolling-out'],
    ['rolling-out', 'verifying'],
    ['verifying', 'completed'],
  ] as const)('lead from %s to %s', (from, to) => {
    expect(canMove(from, to)).toBe(true);
  });

  it.each(['piloting', 'awaiting-promotion', 'rolling-out'] as const)(
    'can halt in %s and resume there',
    (phase) => {
      expect(canMove(phase, 'halted')).toBe(true);
      expect(canMove('halted', phase)).toBe(true);
    },
  );

  it.each(['completed', 'aborted'] as const)(
    'lead from %s back to writing, for a retry',
    (phase) => {
      expect(canMove(phase, 'rolling-out')).toBe(true);
    },
  );

  it.each(['planned', 'planning', 'expired', 'discarded', 'failed'] as const)(
    'never lead back to %s from an end',
    (phase) => {
      for (const end of finalPhases) expect(canMove(end, phase)).toBe(false);
    },
  );

  it('all can be reached, and every one that is no end leads on', () => {
    const reached = new Set<Phase>(['planning', ...Object.values(transitions).flat()]);
    expect(phases.filter((phase) => !reached.has(phase))).toEqual([]);
    const stuck = phases.filter((phase) => !isFinal(phase) && transitions[phase].length === 0);
    expect(stuck).toEqual([]);
  });

  it('R25 a rollout that verifies leaves the organization free', () => {
    expect(isWriting('verifying')).toBe(false);
    expect(phases.filter(isWriting)).toEqual(writingPhases);
  });

  it('nothing that writes has ended', () => {
    expect(phases.filter((phase) => isWriting(phase) && isFinal(phase))).toEqual([]);
  });
});

describe('the actions that make sense', () => {
  it.each<[Phase, Action[]]>([
    ['planning', ['discard', 'set-pace']],
    ['planned', ['start', 'discard', 'set-pace', 'replan']],
    ['piloting', ['pause', 'abort', 'set-pace']],
    ['awaiting-promotion', ['promote', 'pause', 'abort', 'set-pace', 'replan']],
    ['rolling-out', ['pause', 'abort', 'set-pace']],
    ['verifying', ['pause', 'abort', 'set-pace']],
    ['completed', ['retry-failed', 'replan']],
    ['halted', ['resume', 'abort', 'set-pace', 'replan']],
    ['aborted', ['retry-failed', 'replan']],
    ['failed', ['retry-failed', 'replan']],
    ['expired', []],
    ['discarded', []],
  ])('while %s', (phase, expected) => {
    expect(allowed(phase)).toEqual(expected);
  });

  it('while paused: resume or abort, but neither promote nor pause', () => {
    expect(allowed('awaiting-promotion', { paused: true })).toEqual([
      'resume',
      'abort',
      'set-pace',
      'replan',
    ]);
  });

  const living = phases.filter((phase) => !isFinal(phase));

  it.each(living.flatMap((phase) => [true, false].map((paused) => [phase, paused] as const)))(
    'while %s (paused: %s), a person can always move it on or end it',
    (phase, paused) => {
      const others = allowed(phase, { paused }).filter((action) => action !== 'set-pace');
      expect(others).not.toEqual([]);
    },
  );

  it.each(['completed', 'aborted', 'failed'] as const)(
    'once %s, users who are left can be taken up',
    (phase) => {
      expect(allowed(phase, { failedUsers: 0, leftUsers: 3 })).toContain('replan');
      expect(allowed(phase, { failedUsers: 3 })).toContain('retry-failed');
    },
  );

  it('R98 a wait that Webex asked for can be lifted in every phase, and nothing else can', () => {
    for (const phase of phases) {
      expect(allowed(phase, { isThrottled: true })).toContain('lift-wait');
      expect(allowed(phase)).not.toContain('lift-wait');
    }
  });

  it('R99 a paused verification can be resumed or aborted', () => {
    expect(allowed('verifying', { paused: true })).toEqual(['resume', 'abort', 'set-pace']);
  });

  it('no retry where nobody failed', () => {
    expect(allowed('completed', { failedUsers: 0, leftUsers: 0 })).toEqual([]);
  });

  it.each<[Phase, boolean, number | undefined, string | null, string | true]>([
    ['planned', false, 0, null, true],
    ['awaiting-promotion', false, 0, null, true],
    ['halted', false, 0, null, true],
    ['rolling-out', true, 0, null, true],
    [
      'rolling-out',
      false,
      9,
      null,
      'The rollout is writing users. Pause it or wait for its gate first.',
    ],
    ['verifying', false, 9, null, 'The rollout is verifying. Wait until it is completed.'],
    ['completed', false, 1, null, true],
    ['failed', false, 1, null, true],
    ['aborted', false, 0, null, 'No user of the rollout is left to be planned again.'],
    ['expired', false, 9, null, 'The rollout was never started. Plan a new one.'],
    ['planned', false, 0, 'It is a preview.', 'It is a preview.'],
  ])(
    'R102 while %s (paused: %s) with %s users left and obstacle %s, planning again is allowed: %s',
    (phase, paused, leftUsers, replanObstacle, expected) => {
      const { replan } = allowedActions({
        phase,
        paused,
        leftUsers: leftUsers ?? 0,
        replanObstacle,
      });
      expect(replan.allowed || replan.why).toBe(expected);
    },
  );

  it.each<[Phase, boolean]>([
    ['failed', true],
    ['aborted', true],
    ['discarded', false],
  ])(
    'R102 a rollout that is %s and never had a plan can be planned again: %s',
    (phase, expected) => {
      // Nobody was planned, so that nobody counts as left.
      expect(allowedActions({ phase, paused: false }).replan.allowed).toBe(expected);
    },
  );

  it('no start of a plan that a guard forbids, and the guard is the reason', () => {
    const verdicts = allowedActions({
      phase: 'planned',
      paused: false,
      startObstacles: ['It removes too much.'],
    });
    expect(verdicts.start).toEqual({ allowed: false, why: 'It removes too much.' });
  });

  it.each<[Phase, Action, string]>([
    [
      'planned',
      'promote',
      'Only a rollout that is waiting at a gate can be promoted; this one is planned.',
    ],
    [
      'piloting',
      'start',
      'Only a rollout that is planned can be started; this one is writing its pilot.',
    ],
    ['planned', 'pause', 'The rollout was never started. There is nothing to pause.'],
    ['completed', 'pause', 'The rollout is completed and has ended.'],
  ])('while %s, %s is refused in words', (phase, action, why) => {
    expect(allowedActions({ phase, paused: false })[action]).toEqual({ allowed: false, why });
  });

  it('says in one sentence why not', () => {
    for (const phase of phases) {
      for (const verdict of Object.values(allowedActions({ phase, paused: false }))) {
        if (!verdict.allowed) expect(verdict.why).toMatch(/^[^\n]+\.$/);
      }
    }
  });
});
