import { progressView } from '../../../src/api/rollout/progress-view';
import type { JobProgress } from '../../../src/contract/messages';
import type { Phase } from '../../../src/domain/rollout/rollout-phase';
import { aRolloutRow } from '../../support/api/rollout-row';
import { summary } from '../../support/api/seed';

const row = aRolloutRow({ phase: 'piloting', wave: 0, waitingFor: null });

function aLive(given: Partial<JobProgress> = {}): JobProgress {
  return {
    phase: 'awaiting-promotion',
    phaseVersion: 3,
    paused: true,
    wave: 1,
    waves: 9,
    waitingFor: 'promote, replan or abort',
    counts: { planned: 77 },
    total: 77,
    deadlineAt: null,
    ...given,
  };
}

const view = (given: Partial<Parameters<typeof progressView>[0]> = {}) =>
  progressView({
    row,
    live: null,
    counts: { planned: 10 },
    writesPerSecond: 5,
    waits: { throttledSeconds: 0, soakSeconds: null },
    waitingFor: null,
    ...given,
  });

describe('the progress of a rollout', () => {
  it.each<[string, string, Phase, JobProgress | null]>([
    ['no worker answers', 'database', 'piloting', null],
    ['the answer is older than the row', 'database', 'piloting', aLive({ phaseVersion: 2 })],
    ['the answer is as old as the row', 'workflow', 'awaiting-promotion', aLive()],
    ['the answer is newer', 'workflow', 'awaiting-promotion', aLive({ phaseVersion: 4 })],
  ])('where %s is that of the %s: %s', (_, source, phase, live) => {
    expect(view({ live })).toMatchObject({ source, phase });
  });

  it('has everything that changes from one source', () => {
    const stored = { phaseVersion: 3, paused: false, wave: 0, waitingFor: null };
    expect(view({ live: aLive({ phaseVersion: 2 }) })).toMatchObject(stored);
    const { phaseVersion, paused, wave, waitingFor } = aLive({ phaseVersion: 5 });
    expect(view({ live: aLive({ phaseVersion: 5 }) })).toMatchObject({
      phaseVersion,
      paused,
      wave,
      waitingFor,
    });
  });

  it('waits for what the row says, unless the answer is newer', () => {
    const waitingFor = 'Webex, not before noon';
    expect(view({ waitingFor }).waitingFor).toBe(waitingFor);
    expect(view({ waitingFor, live: aLive() }).waitingFor).toBe(waitingFor);
    expect(view({ waitingFor, live: aLive({ phaseVersion: 4 }) }).waitingFor).toBe(
      'promote, replan or abort',
    );
  });

  it('counts what is left of a soak and of the wait that Webex asked for', () => {
    const waits = { throttledSeconds: 100, soakSeconds: 7.5 };
    expect(view({ row: { ...row, summary }, waits }).secondsLeft).toBe(110);
  });

  it('keeps the stored wave and deadline where the workflow names none', () => {
    const deadlineAt = new Date('2026-01-03T00:00:00Z');
    const live = aLive({ wave: null });
    expect(view({ row: { ...row, deadlineAt }, live })).toMatchObject({
      wave: 0,
      deadlineAt: '2026-01-03T00:00:00.000Z',
    });
  });

  it('shows the deadline of the workflow where it names one', () => {
    const live = aLive({ deadlineAt: Date.parse('2026-01-04T00:00:00Z') });
    expect(view({ live }).deadlineAt).toBe('2026-01-04T00:00:00.000Z');
    expect(view().deadlineAt).toBeNull();
  });

  it('counts users as the database does, whatever the workflow remembers', () => {
    const counts = { planned: 3, applied: 4, failed: 1 };
    expect(view({ live: aLive(), counts })).toMatchObject({ counts, total: 8, waves: 1 });
    expect(view({ row: { ...row, summary: null } }).waves).toBe(0);
  });

  // 10 users at 5/s, and a soak of 60 s.
  it.each<[Phase, number | null]>([
    ['planning', null],
    ['planned', 62],
    ['piloting', 62],
    ['awaiting-promotion', 62],
    ['rolling-out', 62],
    ['halted', 62],
    ['verifying', null],
    ['completed', null],
    ['aborted', null],
    ['failed', null],
    ['expired', null],
    ['discarded', null],
  ])('has in phase %s this many seconds left: %s', (phase, secondsLeft) => {
    expect(view({ row: { ...row, phase, summary } }).secondsLeft).toBe(secondsLeft);
  });

  it('has no time before there is a plan', () => {
    expect(view({ row: { ...row, phase: 'planned', summary: null } }).secondsLeft).toBeNull();
  });
});
