import type { Change, ChangeTarget, Operation } from '../../../src/domain/model/change';
import type { Holdings } from '../../../src/domain/model/user';
import {
  judgeConvergence,
  nextSweepDelayMs,
  verificationDeadlineMs,
} from '../../../src/domain/write/convergence';

const reason = { code: 'granted', text: '', rule: 'R19', templates: [] } as const;
const change = (operation: Operation, target: ChangeTarget): Change => ({
  operation,
  target,
  reason: { ...reason, templates: [] },
  replacement: false,
});
const license = (licenseId: string): ChangeTarget => ({
  kind: 'license',
  licenseId,
  offer: 'MS',
  site: null,
});
const attendee: ChangeTarget = { kind: 'attendee', site: 's' };
const holding = (licenses: string[], attendeeSites: string[] | null = null): Holdings => ({
  licenses,
  attendeeSites,
});

describe('whether a change has propagated', () => {
  const swap = [change('remove', license('old')), change('add', license('new'))];
  it.each<[string, Change[], string[], boolean, Holdings | null, string]>([
    ['long after the write', swap, [], true, null, 'needs-repeat-write'],
    ['R80 soon after the write', swap, [], false, null, 'pending'],
    ['once more, after it was repeated', swap, [], true, holding(['new']), 'pending'],
    ['R80 while nothing of it is seen', swap, ['old'], true, null, 'pending'],
    ['while both are seen as added', swap, ['old', 'new'], true, null, 'pending'],
    ['where nothing was to be removed', [swap[1]!], [], true, null, 'pending'],
    [
      'of Calling',
      [swap[0]!, { ...swap[1]!, calling: { locationId: 'here' } }],
      [],
      true,
      null,
      'pending',
    ],
  ])(
    'R95 a removal without its addition is judged %s',
    (_, changes, observed, isLate, answered, expected) => {
      const input = { changes, observed: holding(observed), answered, isLate };
      expect(judgeConvergence(input)).toBe(expected);
    },
  );

  it.each<[string, Change[], Holdings, Holdings | null, string]>([
    ['an added license is seen', [change('add', license('l'))], holding(['l']), null, 'converged'],
    [
      'R80 an added license is not seen yet',
      [change('add', license('l'))],
      holding([]),
      null,
      'pending',
    ],
    ['a removed license is gone', [change('remove', license('l'))], holding([]), null, 'converged'],
    [
      'R80 a removed license is still seen',
      [change('remove', license('l'))],
      holding(['l']),
      null,
      'pending',
    ],
    [
      'what others added does not matter',
      [change('add', license('l'))],
      holding(['l', 'x']),
      null,
      'converged',
    ],
    [
      'attendee is in the sites of the read',
      [change('add', attendee)],
      holding([], ['s']),
      null,
      'converged',
    ],
    [
      'attendee is not in the sites of the read',
      [change('add', attendee)],
      holding([], []),
      holding([], ['s']),
      'pending',
    ],
    [
      'attendee is gone from the sites of the read',
      [change('remove', attendee)],
      holding([], []),
      null,
      'converged',
    ],
    [
      'no read shows sites: a repeated write decides',
      [change('add', attendee)],
      holding([]),
      null,
      'needs-repeat-write',
    ],
    [
      'the answer of the repeated write shows it',
      [change('add', attendee)],
      holding([]),
      holding([], ['s']),
      'converged',
    ],
    [
      'the answer of the repeated write does not',
      [change('add', attendee)],
      holding([]),
      holding([], []),
      'pending',
    ],
    [
      'a license is missing: no repeated write yet',
      [change('add', license('l')), change('add', attendee)],
      holding([]),
      null,
      'pending',
    ],
    ['nothing was asked', [], holding([]), null, 'converged'],
  ])('%s', (_, changes, observed, answered, expected) => {
    expect(judgeConvergence({ changes, observed, answered })).toBe(expected);
  });

  it('R40 judges host by the license', () => {
    const changes = [change('remove', attendee), change('add', license('host'))];
    const observed = holding(['host'], []);
    expect(judgeConvergence({ changes, observed, answered: null })).toBe('converged');
  });
});

describe('when verification reads', () => {
  const schedule = { intervalsSeconds: [60, 120, 300], deadlineSeconds: 86_400 };

  it.each([
    [0, 60_000],
    [1, 120_000],
    [2, 300_000],
    [3, 300_000],
    [99, 300_000],
  ])('after %i looks it waits %i ms: the last interval repeats', (done, expected) => {
    expect(nextSweepDelayMs(schedule, done)).toBe(expected);
  });

  it('R80 ends a day after the last write', () => {
    expect(verificationDeadlineMs(schedule, 1_000)).toBe(86_401_000);
  });
});
