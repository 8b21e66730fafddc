import { createThrottleWatch } from '../../../src/activities/write/throttle-watch';

const minuteMs = 60_000;

describe('R97 a user for whom Webex answers 429 again and again', () => {
  it('is the one meant once others were written since', () => {
    const watch = createThrottleWatch();
    expect(watch.isAboutUser('ada')).toBe(false);
    for (const user of ['bob', 'eve']) watch.worked(user);
    expect(watch.isAboutUser('ada')).toBe(false);
    for (const user of ['bob', 'eve', 'kim']) watch.worked(user);
    expect(watch.isAboutUser('ada')).toBe(true);
  });

  it('is not meant where everybody gets 429', () => {
    const watch = createThrottleWatch();
    for (let round = 0; round < 50; round += 1) {
      for (const user of ['ada', 'bob', 'eve']) {
        expect(watch.isAboutUser(user, round * minuteMs)).toBe(false);
      }
    }
  });

  it('is not meant at a 429 after a write of their own', () => {
    const watch = createThrottleWatch();
    watch.isAboutUser('ada');
    for (const user of ['bob', 'eve', 'kim', 'ada']) watch.worked(user);
    expect(watch.isAboutUser('ada')).toBe(false);
  });

  it('is given up in the end where nobody else is written', () => {
    const watch = createThrottleWatch();
    const verdicts = Array.from({ length: 70 }, (_, n) => watch.isAboutUser('ada', n * minuteMs));
    expect(verdicts.indexOf(true)).toBe(60);
    expect(verdicts.slice(60)).not.toContain(false);
    const quick = createThrottleWatch();
    const hurried = Array.from({ length: 70 }, (_, n) => quick.isAboutUser('ada', n * 1_000));
    expect(hurried).not.toContain(true);
  });

  it('forgets the oldest of too many users', () => {
    const watch = createThrottleWatch();
    for (let n = 0; n <= 1_000; n += 1) watch.isAboutUser(`user ${n}`);
    for (const user of ['bob', 'eve', 'kim']) watch.worked(user);
    expect(watch.isAboutUser('user 1000')).toBe(true);
    expect(watch.isAboutUser('user 0')).toBe(false);
  });
});
