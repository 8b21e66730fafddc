import {
  createThrottleWatch,
  type ThrottledParty,
} from '../../../../src/activities/write/pace/throttle-watch';

const minuteMs = 60_000;

function repeatedly(times: number, ask: (n: number) => ThrottledParty): ThrottledParty[] {
  return Array.from({ length: times }, (_, n) => ask(n));
}

describe('R97 a user for whom Webex answers 429 again and again', () => {
  it('is the one meant where others are written in between', () => {
    const watch = createThrottleWatch();
    const said = repeatedly(6, () => {
      for (const user of ['bob', 'eve', 'kim']) watch.worked(user);
      return watch.throttled('ada');
    });
    expect(said).toEqual(['organization', 'perhaps-user', 'perhaps-user', 'user', 'user', 'user']);
  });

  it('is not the one meant where too few others are', () => {
    const watch = createThrottleWatch();
    const said = repeatedly(6, () => {
      for (const user of ['bob', 'eve']) watch.worked(user);
      return watch.throttled('ada');
    });
    expect(new Set(said)).toEqual(new Set(['organization']));
  });

  it('is one of three meant where many others are written', () => {
    const watch = createThrottleWatch();
    const said = repeatedly(4, () => {
      for (let n = 0; n < 20; n += 1) watch.worked(`user ${n}`);
      watch.throttled('bob');
      watch.throttled('eve');
      return watch.throttled('ada');
    });
    expect(said.at(-1)).toBe('user');
  });

  it('is not meant where everybody is written only now and then', () => {
    const watch = createThrottleWatch();
    const users = Array.from({ length: 12 }, (_, n) => `user ${n}`);
    const said = repeatedly(50, (n) => {
      for (const user of users.slice(0, 4)) watch.worked(`${user} of ${n}`);
      for (const user of users) watch.throttled(user, n);
      return watch.throttled('ada', n);
    });
    expect(new Set(said)).toEqual(new Set(['organization']));
  });

  it('is not meant at a 429 after a write of their own', () => {
    const watch = createThrottleWatch();
    watch.throttled('ada');
    for (const user of ['bob', 'eve', 'kim', 'ada']) watch.worked(user);
    expect(watch.throttled('ada')).toBe('organization');
  });

  it('is given up in the end where nobody else is written', () => {
    const watch = createThrottleWatch();
    const said = repeatedly(70, (n) => watch.throttled('ada', n * minuteMs));
    expect(said.indexOf('user')).toBe(60);
    expect(new Set(said.slice(60))).toEqual(new Set(['user']));
    const quick = createThrottleWatch();
    const hurried = repeatedly(70, (n) => quick.throttled('ada', n * 1_000));
    expect(new Set(hurried)).toEqual(new Set(['organization']));
  });

  it('forgets the oldest of too many users', () => {
    const watch = createThrottleWatch();
    for (let n = 0; n <= 1_000; n += 1) watch.throttled(`user ${n}`);
    for (let n = 0; n < 20_000; n += 1) watch.worked('bob');
    expect(watch.throttled('user 1000')).toBe('perhaps-user');
    expect(watch.throttled('user 0')).toBe('organization');
  });
});
