import type { ReactionCause } from '../../../src/domain/watch/reaction';
import { countCauses, reactionsTitle } from '../../../src/domain/watch/count-causes';

const titleOf = (...users: ReactionCause[][]) =>
  reactionsTitle(countCauses(users.map((causes) => ({ causes }))));

describe('the title of a rollout of the watch', () => {
  it.each<[string, ReactionCause[][]]>([
    ['1 new user', [[{ kind: 'new-user' }]]],
    [
      '2 new users, 1 new group member',
      [[{ kind: 'new-user' }], [{ kind: 'new-user' }, joined('a')]],
    ],
    ['1 new group member, 1 former group member', [[joined('a'), { kind: 'left', groupId: 'b' }]]],
    ['1 new group member', [[joined('a'), joined('b')]]],
    ['1 newly linked user', [[{ kind: 'linked-user' }]]],
    ['1 older user seen for the first time', [[{ kind: 'arrived-user' }]]],
    ['2 users who are here again', [[{ kind: 'returned-user' }], [{ kind: 'returned-user' }]]],
    ['1 member of a deleted group', [[{ kind: 'group-deleted', groupId: 'a' }]]],
    [
      '2 users who were waiting for a license',
      [[{ kind: 'units-free', rolloutId: 'r' }], [{ kind: 'units-free', rolloutId: 's' }]],
    ],
    ['Changes found by the watch', []],
  ])('R14 %s', (title, users) => {
    expect(titleOf(...users)).toBe(title);
  });

  function joined(groupId: string): ReactionCause {
    return { kind: 'joined', groupId };
  }
});
