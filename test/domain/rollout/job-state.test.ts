import {
  addReport,
  applyMove,
  applyPause,
  controlOf,
  newJobState,
  type JobState,
} from '../../../src/domain/rollout/job-state';
import { finalPhases } from '../../../src/domain/rollout/rollout-phase';

function state(given: Partial<JobState> = {}): JobState {
  return { ...newJobState('rolling-out', 4), ...given };
}

describe('the control of a job', () => {
  it.each<[string, Partial<JobState>, string]>([
    ['a writing phase', {}, 'run'],
    ['verification', { phase: 'verifying' }, 'run'],
    ['a pause', { paused: true }, 'hold'],
    [
      'a verification whose repeated writes are paused (R99)',
      { phase: 'verifying', paused: true },
      'run',
    ],
    ['the phase halted', { phase: 'halted' }, 'hold'],
    ['a guard that tripped and is not recorded yet', { haltReason: '3 of 4 failed' }, 'hold'],
    ...finalPhases.map((phase): [string, Partial<JobState>, string] => [phase, { phase }, 'stop']),
    ['an end while paused', { phase: 'aborted', paused: true }, 'stop'],
    ['an end with a tripped guard', { phase: 'failed', haltReason: 'x' }, 'stop'],
  ])('in %s', (_, given, expected) => {
    expect(controlOf(state(given))).toBe(expected);
  });
});

describe('applyMove', () => {
  it('increments the version, sets the recorded counts and clears what was waited for', () => {
    const before = state({ waitingFor: 'promote, replan or abort', counts: { planned: 5 } });
    expect(applyMove(before, { to: 'verifying', counts: { applied: 5 } })).toEqual({
      ...before,
      phase: 'verifying',
      version: 5,
      counts: { applied: 5 },
      waitingFor: null,
    });
  });

  it.each<[string, Parameters<typeof applyMove>[1], Partial<JobState>]>([
    ['keeps wave and deadline', { to: 'verifying', counts: {} }, { wave: 1, deadlineAtMs: 7 }],
    ['sets the wave', { to: 'rolling-out', counts: {}, wave: 2 }, { wave: 2, deadlineAtMs: 7 }],
    [
      'clears both',
      { to: 'verifying', counts: {}, wave: null, deadlineAtMs: null },
      { wave: null, deadlineAtMs: null },
    ],
    [
      'sets what is waited for',
      { to: 'awaiting-promotion', counts: {}, waitingFor: 'promote, replan or abort' },
      { waitingFor: 'promote, replan or abort' },
    ],
  ])('%s', (_, move, expected) => {
    expect(applyMove(state({ wave: 1, deadlineAtMs: 7 }), move)).toMatchObject(expected);
  });

  it('stores the phase before a halt', () => {
    const halted = applyMove(state({ phase: 'piloting' }), { to: 'halted', counts: {} });
    expect(halted).toMatchObject({ phase: 'halted', haltedFrom: 'piloting' });
    expect(controlOf(halted)).toBe('hold');
  });

  it('lifts the pause and drops an old reason when a halt is resumed', () => {
    const halted = state({
      phase: 'halted',
      haltedFrom: 'piloting',
      paused: true,
      haltReason: 'about the time before',
    });
    const resumed = applyMove(halted, { to: 'piloting', counts: {} });
    expect(resumed).toMatchObject({ paused: false, haltReason: null, haltedFrom: null });
    expect(controlOf(resumed)).toBe('run');
  });

  it('keeps pause and reason when a halted rollout is aborted', () => {
    const halted = state({ phase: 'halted', haltedFrom: 'piloting', paused: true });
    expect(applyMove(halted, { to: 'aborted', counts: {} })).toMatchObject({
      phase: 'aborted',
      paused: true,
    });
  });

  it('keeps a pause through a move that is not a resume', () => {
    expect(applyMove(state({ paused: true }), { to: 'halted', counts: {} }).paused).toBe(true);
  });
});

describe('applyPause', () => {
  it.each([true, false])('sets the flag to %s and counts the version up', (paused) => {
    const before = state({ paused: !paused });
    expect(applyPause(before, paused)).toEqual({ ...before, paused, version: 5 });
  });
});

describe('addReport', () => {
  it('moves users from planned to their outcome', () => {
    const before = state({ counts: { planned: 10, applied: 2 } });
    const after = addReport(before, { counts: { applied: 3, failed: 1 }, halted: null });
    expect(after.counts).toEqual({ planned: 6, applied: 5, failed: 1 });
    expect(after.haltReason).toBeNull();
  });

  it('never counts fewer than no users as planned', () => {
    const after = addReport(state({ counts: { planned: 1 } }), {
      counts: { applied: 3 },
      halted: null,
    });
    expect(after.counts).toEqual({ planned: 0, applied: 3 });
  });

  it('leaves the state that it was given as it was', () => {
    const before = state({ counts: { planned: 1 } });
    addReport(before, { counts: { applied: 1 }, halted: { reason: 'x' } });
    expect(before).toEqual(state({ counts: { planned: 1 } }));
  });

  it('keeps the first reason to halt, until the workflow has acted on it', () => {
    const once = addReport(state(), { counts: {}, halted: { reason: 'first' } });
    const twice = addReport(once, { counts: {}, halted: { reason: 'second' } });
    expect(twice.haltReason).toBe('first');
    expect(controlOf(twice)).toBe('hold');
  });
});
