import { finalPhases, phases, type Phase } from '../../../src/domain/rollout/rollout-phase';
import { waitingFor, type WaitFacts } from '../../../src/domain/rollout/waiting-for';

const at = '2026-01-02T03:04:05.000Z';
const paused = { by: 'olga', reason: 'lunch' };

describe('what a rollout waits for', () => {
  it.each<[string, WaitFacts, string | null]>([
    ['a new plan', { phase: 'planning' }, 'the plan'],
    [
      'a plan whose read fails',
      { phase: 'planning', readTrouble: 'GET /people: 503' },
      'Webex to answer: GET /people: 503',
    ],
    ['a plan', { phase: 'planned' }, 'start, replan or discard'],
    ['a preview', { phase: 'planned', neverStarts: 'It is a preview.' }, 'discard'],
    [
      'a plan that a guard forbids',
      { phase: 'planned', startObstacle: 'It removes too much.' },
      'start, replan or discard: It removes too much.',
    ],
    [
      'a plan that could not be replaced',
      { phase: 'planned', planTrouble: 'planning again failed' },
      'start, replan or discard: planning again failed',
    ],
    [
      'a start that was accepted and refused later',
      { phase: 'planned', refused: { action: 'start', why: 'another rollout is writing' } },
      'start, replan or discard: start was refused: another rollout is writing',
    ],
    ['writing', { phase: 'rolling-out', wave: 1 }, null],
    [
      'an accepted pause without a worker',
      { phase: 'rolling-out', brakeAt: at },
      `a worker: pause or abort was accepted at ${at}, and no write begins`,
    ],
    ['a pause', { phase: 'piloting', paused }, 'resume or abort: paused by olga: lunch'],
    [
      'a pause at a gate',
      { phase: 'awaiting-promotion', paused },
      'resume or abort: paused by olga: lunch',
    ],
    [
      'a pause of 0.1.0, of which nobody knows who made it',
      { phase: 'piloting', paused: { by: null, reason: null } },
      'resume or abort: paused',
    ],
    ['a tripped guard', { phase: 'rolling-out', hold: '4 of 4 failed' }, 'the halt: 4 of 4 failed'],
    [
      'a halt',
      { phase: 'halted', phaseReason: '4 of 4 failed' },
      'resume, replan or abort: 4 of 4 failed',
    ],
    ['a manual gate', { phase: 'awaiting-promotion', phaseReason: '' }, 'promote or abort'],
    [
      'an automatic gate that stayed closed',
      { phase: 'awaiting-promotion', phaseReason: '0 of 5 pilot users were written' },
      'promote or abort: 0 of 5 pilot users were written',
    ],
    [
      'the soak of the pilot',
      { phase: 'piloting', wave: 0, soaksUntil: at },
      `the soak time of the pilot, until ${at}`,
    ],
    [
      'the soak of a wave',
      { phase: 'rolling-out', wave: 2, soaksUntil: at },
      `the soak time of wave 2, until ${at}`,
    ],
    [
      'a pilot that is verified',
      { phase: 'piloting', wave: 0, deadlineAt: at },
      `Webex to show every change, until ${at}`,
    ],
    [
      'a throttled organization',
      { phase: 'rolling-out', throttled: { until: at, reason: '429 with Retry-After 60' } },
      `Webex, not before ${at}: 429 with Retry-After 60`,
    ],
    [
      'users between two attempts',
      { phase: 'rolling-out', retrying: { users: 3, lastError: '503' } },
      'the next attempt for 3 users: 503',
    ],
    [
      'users whom another rollout writes',
      { phase: 'rolling-out', busy: { users: 2, rollout: '1 new user' } },
      'another rollout to finish its write of 2 users: 1 new user',
    ],
    [
      'several things at once',
      {
        phase: 'rolling-out',
        throttled: { until: at, reason: null },
        retrying: { users: 1, lastError: null },
      },
      `Webex, not before ${at}; the next attempt for 1 user`,
    ],
    [
      'verification',
      { phase: 'verifying', deadlineAt: at },
      `Webex to show every change, until ${at}`,
    ],
    [
      'a paused verification whose read fails',
      { phase: 'verifying', paused: { by: 'olga', reason: null }, readTrouble: '401' },
      'Webex to show every change; Webex to answer: 401; resume or abort: repeated writes are paused by olga',
    ],
    [
      'R99 the verification after an abort',
      { phase: 'aborted', verifyingUntil: at },
      `Webex to show what was written, until ${at}`,
    ],
    [
      'R46 an end with users without a unit',
      { phase: 'completed', withoutUnit: 2 },
      'a unit for 2 users: added automatically',
    ],
    ['an end with nobody left', { phase: 'completed', hold: 'old', readTrouble: 'old' }, null],
  ])('%s', (_, facts, expected) => {
    expect(waitingFor(facts)).toBe(expected);
  });

  const writing: readonly Phase[] = ['piloting', 'rolling-out'];
  const resting = phases.filter(
    (phase) => !writing.includes(phase) && !(finalPhases as readonly Phase[]).includes(phase),
  );

  it.each(resting)('is always said while %s', (phase) => {
    expect(waitingFor({ phase })).not.toBeNull();
    expect(waitingFor({ phase, paused })).not.toBeNull();
  });

  it.each(writing)('is said while %s, whatever keeps it from writing', (phase) => {
    const reasons: Omit<WaitFacts, 'phase'>[] = [
      { paused },
      { brakeAt: at },
      { hold: 'x' },
      { readTrouble: 'x' },
      { soaksUntil: at },
      { deadlineAt: at },
      { retrying: { users: 1, lastError: null } },
      { throttled: { until: at, reason: null } },
    ];
    for (const reason of reasons) expect(waitingFor({ phase, ...reason })).not.toBeNull();
  });
});
