import { arrangeReactions, type LastDay } from '../../../src/domain/watch/arrange-reactions';
import type { ReactionCause, ReactionMode } from '../../../src/domain/watch/reaction';

const floodLimit = 20;
const quiet: LastDay = { losing: new Set(), written: 0, failed: 0 };

const causes: Record<string, ReactionCause> = {
  created: { kind: 'new-user' },
  claimed: { kind: 'arrived-user' },
  restored: { kind: 'returned-user' },
  linked: { kind: 'linked-user' },
  left: { kind: 'left', groupId: 'sales' },
  joined: { kind: 'joined', groupId: 'sales' },
};

const modes: Record<string, ReactionMode> = { created: 'new', left: 'exact' };

/** `6 claimed`: so many users, each found for that reason. */
function found(text: string) {
  return text.split(', ').flatMap((part) => {
    const [users, why = ''] = part.split(' ');
    return Array.from({ length: Number(users) }, (_, n) => ({
      personId: `${why}-${n}`,
      mode: modes[why] ?? 'add',
      causes: [causes[why]!],
    }));
  });
}

function losing(users: number, why = 'earlier'): LastDay {
  return { ...quiet, losing: new Set(Array.from({ length: users }, (_, n) => `${why}-${n}`)) };
}

/** As `4 start, 6 wait`. */
function arranged(text: string, lastDay: LastDay): string {
  const batches = arrangeReactions(found(text), { floodLimit, lastDay });
  return batches
    .map(({ reactions, hold }) => `${reactions.length} ${hold === null ? 'start' : 'wait'}`)
    .join(', ');
}

describe('what starts automatically, and what waits for a person', () => {
  it.each<[string, string, LastDay, string]>([
    ['R14 a check within the flood limit starts', '20 created', quiet, '20 start'],
    ['R14 a flood waits', '21 created', quiet, '21 wait'],
    ['R88 5 older users who appear at once start', '5 claimed', quiet, '5 start'],
    [
      'R88 more than 5 of them wait, and others start',
      '6 claimed, 2 created',
      quiet,
      '2 start, 6 wait',
    ],
    ['R88 users who come back count with them', '3 claimed, 2 restored, 1 linked', quiet, '6 wait'],
    ['R106 users who lose are counted over 24 hours', '10 left', losing(11), '10 wait'],
    ['R106 with those who lost before, up to the limit', '10 left', losing(10), '10 start'],
    ['R106 a user who loses twice counts once', '10 left', losing(20, 'left'), '10 start'],
    [
      'R106 who only gains starts all the same',
      '10 left, 3 joined',
      losing(11),
      '3 start, 10 wait',
    ],
    ['R106 gains have the limit for each check', '15 created, 15 left', quiet, '30 start'],
    [
      'R106 three failures are no reason to wait',
      '1 created',
      { ...quiet, written: 3, failed: 3 },
      '1 start',
    ],
    ['R106 four are', '1 created, 1 left', { ...quiet, written: 60, failed: 4 }, '2 wait'],
    [
      'R106 unless they are few of many',
      '1 created',
      { ...quiet, written: 80, failed: 4 },
      '1 start',
    ],
  ])('%s', (_, text, lastDay, expected) => {
    expect(arranged(text, lastDay)).toBe(expected);
  });

  it('R106 90 users who leave at every check: the second check waits, with its figures', () => {
    const limit = { floodLimit: 100 };
    const first = arrangeReactions(found('90 left'), { ...limit, lastDay: quiet });
    expect(first.map(({ hold }) => hold)).toEqual([null]);
    const [second] = arrangeReactions(found('90 left'), { ...limit, lastDay: losing(90) });
    expect(second?.hold).toContain('180 users would lose licenses');
  });

  it('R106 says how many failed', () => {
    const lastDay = { ...quiet, written: 10, failed: 4 };
    const [batch] = arrangeReactions(found('1 created'), { floodLimit, lastDay });
    expect(batch?.hold).toBe('4 of 10 users written automatically in the last 24 hours failed');
  });
});
