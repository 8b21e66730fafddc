import { serveWaiters } from '../../../src/domain/watch/serve-waiters';

const waiter = (personId: string, pools: string[], needsAll = false) => ({
  personId,
  rolloutId: 'r',
  pools,
  needsAll,
});
const served = (waiters: ReturnType<typeof waiter>[], units: Record<string, number>) =>
  serveWaiters(waiters, new Map(Object.entries(units))).map(({ personId }) => personId);

describe('users who wait for a unit', () => {
  it('R46 as many are tried again as there are units, in order of service', () => {
    const waiters = ['first', 'second', 'third'].map((id) => waiter(id, ['EE@a']));
    expect(served(waiters, { 'EE@a': 2 })).toEqual(['first', 'second']);
    expect(served(waiters, { 'EE@a': 0 })).toEqual([]);
    expect(served(waiters, {})).toEqual([]);
  });

  it('R46 a user who waits for two is given the one that is free', () => {
    expect(served([waiter('one', ['EE@a', 'EE@b'])], { 'EE@b': 1 })).toEqual(['one']);
  });

  it('R46 a user who was tried in vain is tried again when all of it is free', () => {
    const stuck = waiter('stuck', ['EE@a', 'EE@b'], true);
    expect(served([stuck], { 'EE@b': 1 })).toEqual([]);
    expect(served([stuck, waiter('next', ['EE@b'])], { 'EE@b': 1 })).toEqual(['next']);
    expect(served([stuck], { 'EE@a': 1, 'EE@b': 1 })).toEqual(['stuck']);
  });

  it('R47 licenses that are never short serve everybody', () => {
    const waiters = [waiter('a', ['FMS@']), waiter('b', ['FMS@'])];
    expect(served(waiters, { 'FMS@': Infinity })).toEqual(['a', 'b']);
  });

  it('R36 a user whose host license is free gets its unit before the next user', () => {
    const waiters = [waiter('host-pending', ['EE@a']), waiter('waiting-for-seat', ['EE@a'])];
    expect(served(waiters, { 'EE@a': 1 })).toEqual(['host-pending']);
  });
});
