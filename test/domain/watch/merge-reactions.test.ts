import { mergeReactions, type Reaction } from '../../../src/domain/watch/reaction';

const joined: Reaction = { mode: 'add', causes: [{ kind: 'joined', groupId: 'a' }] };
const left: Reaction = { mode: 'exact', causes: [{ kind: 'left', groupId: 'a' }] };
const created: Reaction = { mode: 'new', causes: [{ kind: 'new-user' }] };
const claimed: Reaction = { mode: 'add', causes: [{ kind: 'arrived-user' }] };
const restored: Reaction = { mode: 'add', causes: [{ kind: 'returned-user' }] };
const freed: Reaction = { mode: 'waiting', causes: [{ kind: 'units-free', rolloutId: 'r' }] };

describe('two findings about one user', () => {
  it.each<[string, Reaction, Reaction, Reaction['mode']]>([
    ['R29 a leave does more than a join', joined, left, 'exact'],
    ['R22 a new user stays one', created, left, 'new'],
    ['R46 what waited comes with what was found since', freed, joined, 'add'],
    ['R15 an older user who arrives only gains', claimed, left, 'add'],
    ['R15 so does one who is here again', restored, left, 'add'],
    ['R15 and joins do not change that', claimed, joined, 'add'],
    ['R22 a user who was created since is new even after a return', created, restored, 'new'],
  ])('%s', (_, one, other, mode) => {
    const causes = [...one.causes, ...other.causes];
    expect(mergeReactions(one, other)).toEqual({ mode, causes });
    expect(mergeReactions(other, one).mode).toBe(mode);
  });

  it('names a cause once', () => {
    expect(mergeReactions(left, left)).toEqual(left);
  });
});
