import { reactToTransition, type Transition } from '../../../src/domain/watch/react-to-groups';

const none: Transition = { joined: [], left: [], deleted: [] };
const join = { ...none, joined: ['sales'] };
const leave = { ...none, left: ['sales'] };
const move = { ...none, joined: ['sales'], left: ['support'] };
const deletion = { ...none, deleted: ['sales'] };

describe('a change of groups', () => {
  it.each([
    ['R27 R28 on: a join adds', join, true, 'add', true],
    ['R27 R28 on: a move adds', move, true, 'add', true],
    ['R28 on: a leave asks for nothing', leave, true, 'add', false],
    ['R28 R33 on: a deletion asks for nothing', deletion, true, 'add', false],
    ['R29 off: a join is exact', join, false, 'exact', true],
    ['R29 off: a move is exact', move, false, 'exact', true],
    ['R29 off: a leave is exact', leave, false, 'exact', true],
    ['R29 R33 off: a deletion is exact', deletion, false, 'exact', true],
  ] as const)('R26 %s', (_, transition, preserve, mode, isDue) => {
    const finding = reactToTransition(transition, { preserve, isUnreconciledNew: false });
    expect({ mode: finding.reaction.mode, isDue: finding.isDue }).toEqual({ mode, isDue });
  });

  it.each([true, false])(
    'R22 a new user who joins a first group is reconciled as new (preserve: %s)',
    (preserve) => {
      const { reaction } = reactToTransition(join, { preserve, isUnreconciledNew: true });
      expect(reaction.mode).toBe('new');
    },
  );

  it('R26 names every group that was joined, left or deleted', () => {
    const all = { joined: ['a', 'b'], left: ['c'], deleted: ['d'] };
    const { reaction } = reactToTransition(all, { preserve: true, isUnreconciledNew: false });
    expect(reaction.causes).toEqual([
      { kind: 'joined', groupId: 'a' },
      { kind: 'joined', groupId: 'b' },
      { kind: 'left', groupId: 'c' },
      { kind: 'group-deleted', groupId: 'd' },
    ]);
  });
});
