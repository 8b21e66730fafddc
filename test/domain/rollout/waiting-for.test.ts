import { isFinal, phases, type Phase } from '../../../src/domain/rollout/rollout-phase';
import { waitingFor, type WaitFacts } from '../../../src/domain/rollout/waiting-for';

const at = '2026-01-02T03:04:05.000Z';
const paused = { by: 'olga', reason: 'lunch' };
const oneOwed = { users: 1, lastError: null };

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
    ['a manual gate', { phase: 'awaiting-promotion', phaseReason: '' }, 'promote, replan or abort'],
    [
      'an automatic gate that stayed closed',
      { phase: 'awaiting-promotion', phaseReason: '0 of 5 pilot users were written' },
      'promote, replan or abort: 0 of 5 pilot users were written',
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
      'users whose attempts have failed for long',
      { phase: 'rolling-out', retrying: { users: 1, lastError: 'a bug', since: at } },
      `the next attempt for 1 user: a bug (since ${at})`,
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
    [
      'a plan whose workflow Temporal does not start',
      { phase: 'planning', unstarted: 'Namespace not found' },
      'Temporal to start its workflow: Namespace not found',
    ],
    [
      'R102 a plan that takes up users of a rollout which has rows to close',
      {
        phase: 'planning',
        predecessor: { rolloutId: 'r1', waitsFor: 'the last writes of 2 users to end' },
      },
      'rollout r1, whose users it takes up: the last writes of 2 users to end (planned at the latest 10 minutes after its end, without users to whom something is owed; discard it to wait no longer)',
    ],
    ['a plan of the watch', { phase: 'planned', isAutomatic: true }, 'its automatic start'],
    [
      'an accepted start without a worker',
      { phase: 'planned', accepted: { action: 'start', at } },
      `a worker: start was accepted at ${at}`,
    ],
    [
      'a promotion that was accepted and refused later',
      { phase: 'awaiting-promotion', refused: { action: 'promote', why: 'the plan is stale' } },
      'promote, replan or abort: promote was refused: the plan is stale',
    ],
    [
      'a gate at which the plan was found to be out of date',
      {
        phase: 'awaiting-promotion',
        phaseReason: null,
        planStale: 'The plan is out of date: why.',
      },
      'promote, replan or abort: the last attempt to go on was refused: The plan is out of date: why.',
    ],
    [
      'a pause in which the plan was found to be out of date',
      { phase: 'rolling-out', paused: { by: 'ann', reason: 'lunch' }, planStale: 'it is stale' },
      'resume, replan or abort: paused by ann: the last attempt to go on was refused: it is stale',
    ],
    [
      'a gate behind which nothing may be written',
      { phase: 'awaiting-promotion', phaseReason: null, hold: 'PATCH /people: 403' },
      'promote, replan or abort: PATCH /people: 403',
    ],
    [
      'R95 a put-back that Webex refuses, during a halt',
      { phase: 'halted', phaseReason: '403', owed: { users: 2, lastError: '403' } },
      'resume, replan or abort: 403; the putting back of what 2 users lost: 403',
    ],
    [
      'R95 a put-back during a pause, while Webex asks to wait',
      { phase: 'piloting', paused, owed: oneOwed, throttled: { until: at, reason: '429' } },
      `resume or abort: paused by olga: lunch; Webex, not before ${at}: 429; the putting back of what 1 user lost`,
    ],
    [
      'R95 a put-back after the end',
      { phase: 'aborted', hold: '403', owed: { users: 1, lastError: 'PATCH /people: 403' } },
      'the putting back of what 1 user lost: PATCH /people: 403',
    ],
    [
      'the last writes of a rollout that has ended',
      { phase: 'failed', lastWrites: 3 },
      'the last writes of 3 users to end',
    ],
    [
      'a worker that has gone',
      { phase: 'rolling-out', noWorker: { since: at, trouble: null } },
      `a worker: none has been seen since ${at}`,
    ],
    [
      'a worker that never came',
      { phase: 'planning', noWorker: { since: null, trouble: null } },
      'the plan; a worker: none has been seen yet',
    ],
    [
      'a worker whose token nobody can check',
      { phase: 'rolling-out', noWorker: { since: at, trouble: 'GET /people/me: 503' } },
      "Webex to say which organization the worker's token opens: GET /people/me: 503",
    ],
    [
      'Temporal, for which no worker is to blame',
      {
        phase: 'rolling-out',
        noWorker: { since: at, trouble: 'GET /people/me: 503', temporalAwaySince: at },
      },
      `Temporal to answer: unreachable since ${at}`,
    ],
    [
      'a pause that was accepted while Temporal is away',
      {
        phase: 'rolling-out',
        brakeAt: 'T',
        noWorker: { since: at, trouble: null, temporalAwaySince: at },
      },
      `Temporal: pause or abort was accepted at T, and no write begins; Temporal to answer: unreachable since ${at}`,
    ],
    [
      'an end with nobody left, and no worker',
      { phase: 'completed', noWorker: { since: at, trouble: null } },
      null,
    ],
    ['an end with nobody left', { phase: 'completed', hold: 'old', readTrouble: 'old' }, null],
  ])('%s', (_, facts, expected) => {
    expect(waitingFor(facts)).toBe(expected);
  });

  /** Something that keeps a rollout waiting, and a mark of it in the text. */
  const conditions = {
    accepted: { facts: { accepted: { action: 'resume', at: 'ACCEPTED' } }, mark: 'ACCEPTED' },
    brake: { facts: { brakeAt: 'BRAKE' }, mark: 'BRAKE' },
    'no worker': { facts: { noWorker: { since: 'GONE', trouble: null } }, mark: 'GONE' },
    'no Temporal': {
      facts: { noWorker: { since: 'GONE', trouble: null, temporalAwaySince: 'SERVER' } },
      mark: 'SERVER',
    },
    'unchecked token': { facts: { noWorker: { since: null, trouble: 'TOKEN' } }, mark: 'TOKEN' },
    reads: { facts: { readTrouble: 'READS' }, mark: 'READS' },
    bug: {
      facts: { workTrouble: { activity: 'movePhase', error: 'BUG', since: at } },
      mark: `movePhase fails and is repeated: BUG (since ${at})`,
    },
    throttled: { facts: { throttled: { until: 'LATER', reason: null } }, mark: 'LATER' },
    attempts: { facts: { retrying: { users: 7, lastError: 'AGAIN' } }, mark: '7 users: AGAIN' },
    busy: { facts: { busy: { users: 1, rollout: 'OTHER' } }, mark: 'OTHER' },
    soak: { facts: { soaksUntil: 'SOAK' }, mark: 'SOAK' },
    pause: { facts: { paused: { by: 'OLGA', reason: 'LUNCH' } }, mark: 'by OLGA: LUNCH' },
    hold: { facts: { hold: 'HOLD' }, mark: 'HOLD' },
    owed: { facts: { owed: { users: 1, lastError: 'OWED' } }, mark: 'OWED' },
    verifying: { facts: { verifyingUntil: 'SEEN' }, mark: 'SEEN' },
    units: { facts: { withoutUnit: 5 }, mark: 'unit for 5 users' },
  } satisfies Record<string, { facts: Omit<WaitFacts, 'phase'>; mark: string }>;
  type Condition = keyof typeof conditions;

  const everywhere: Condition[] = [
    'accepted',
    'brake',
    'no worker',
    'no Temporal',
    'unchecked token',
    'bug',
  ];
  const writing: Condition[] = ['reads', 'throttled', 'attempts', 'busy', 'soak', 'pause', 'hold'];
  /** What can keep a rollout waiting in each phase. */
  const said: Record<Phase, Condition[]> = {
    planning: [...everywhere, 'reads'],
    planned: everywhere,
    piloting: [...everywhere, ...writing, 'owed'],
    'awaiting-promotion': [...everywhere, 'pause', 'hold', 'owed'],
    'rolling-out': [...everywhere, ...writing, 'owed'],
    verifying: [...everywhere, 'reads', 'throttled', 'pause', 'owed'],
    halted: [...everywhere, 'owed'],
    completed: ['owed', 'verifying', 'units'],
    aborted: ['owed', 'verifying', 'units'],
    failed: ['owed', 'verifying', 'units'],
    expired: [],
    discarded: [],
  };
  const cases = phases.flatMap((phase) => said[phase].map((condition) => ({ phase, condition })));

  it.each(cases)('says while $phase: $condition', ({ phase, condition }) => {
    const { facts, mark } = conditions[condition];
    expect(waitingFor({ phase, ...facts })).toContain(mark);
  });

  it.each(phases.flatMap((phase) => (isFinal(phase) ? [] : [{ phase }])))(
    'says together while $phase what a person could mend',
    ({ phase }) => {
      const { facts } = conditions['unchecked token'];
      const text = waitingFor({ phase, ...facts, ...conditions.owed.facts });
      expect(text).toContain('TOKEN');
      expect(text).toContain('OWED');
    },
  );

  it.each(
    phases.filter((phase) => !['piloting', 'rolling-out'].includes(phase) && !isFinal(phase)),
  )('is always said while %s', (phase) => {
    expect(waitingFor({ phase })).not.toBeNull();
    expect(waitingFor({ phase, paused })).not.toBeNull();
  });

  it.each(['completed', 'aborted', 'failed'] as const)(
    'says after the end as %s that a worker is missing, while it has something left to do',
    (phase) => {
      const { facts, mark } = conditions['no worker'];
      expect(waitingFor({ phase, ...facts })).toBeNull();
      expect(waitingFor({ phase, ...facts, owed: oneOwed })).toContain(mark);
      expect(waitingFor({ phase, ...facts, verifyingUntil: at })).toContain(mark);
    },
  );
});
