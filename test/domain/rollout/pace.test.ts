import {
  followDefault,
  onThrottled,
  recover,
  setConfigured,
  startPace,
  type PaceState,
} from '../../../src/domain/rollout/pace';

const seconds = 1_000;

describe('the pace', () => {
  it('halves after a 429 and remembers the rate that failed', () => {
    expect(onThrottled(startPace(40), 7)).toEqual({
      configuredPerSecond: 40,
      isSet: false,
      currentPerSecond: 20,
      knownBadPerSecond: 40,
      throttledAtMs: 7,
      changedAtMs: 7,
    });
  });

  it('halves once for the calls that were on their way together', () => {
    const once = onThrottled(startPace(40), 0);
    expect(onThrottled(once, 4_999)).toBe(once);
    expect(onThrottled(once, 5_000).currentPerSecond).toBe(10);
  });

  it('never stops altogether', () => {
    let state = startPace(1);
    for (let i = 0; i < 50; i += 1) state = onThrottled(state, i * 10 * seconds);
    expect(state.currentPerSecond).toBe(0.1);
  });

  it('comes back quickly to 85 % of what failed, then slowly', () => {
    const halved = onThrottled(startPace(100), 0);
    expect(recover(halved, 6 * seconds).currentPerSecond).toBeCloseTo(85);
    expect(recover(halved, 15 * seconds).currentPerSecond).toBeCloseTo(85);
    expect(recover(halved, 17 * seconds).currentPerSecond).toBeCloseTo(86);
  });

  it('makes the same steps whether asked once or often', () => {
    const halved = onThrottled(startPace(30), 0);
    let often = halved;
    for (let ms = 0; ms <= 300 * seconds; ms += 300) often = recover(often, ms);
    expect(often).toEqual(recover(halved, 300 * seconds));
  });

  it('forgets a limit that is none any more, and ends at what is configured', () => {
    const state = recover(onThrottled(startPace(20), 0), 3_600 * seconds);
    expect(state.currentPerSecond).toBe(20);
  });

  it.each([
    ['down at once', 10, 4, 4],
    ['up at once where Webex never objected', 10, 15, 15],
  ])('goes %s when it is set', (_, from, to, expected) => {
    expect(setConfigured(startPace(from), to, 0).currentPerSecond).toBe(expected);
  });

  it('follows a default that was configured anew, until somebody sets another pace', () => {
    const anew = followDefault(startPace(5), 9, 0);
    expect(anew).toMatchObject({ configuredPerSecond: 9, currentPerSecond: 9, isSet: false });
    expect(followDefault(setConfigured(anew, 20, 1), 5, 2)).toMatchObject({
      configuredPerSecond: 20,
      isSet: true,
    });
  });

  it('rises step by step after a 429', () => {
    const set = setConfigured(onThrottled(startPace(10), 0), 20, 1 * seconds);
    expect(set.currentPerSecond).toBe(5);
    expect(recover(set, 60 * seconds).currentPerSecond).toBeGreaterThan(8);
  });
});

interface Run {
  calls: number;
  throttled: number;
}

/** Webex as a token bucket with a burst; calls in flight learn of a 429 only when it has come back. */
function simulate(options: {
  allowed: number;
  configured: number;
  latencyMs: number;
  minutes: number;
}): { settled: Run; usedShare: number } {
  const { allowed, configured, latencyMs, minutes } = options;
  let state: PaceState = startPace(configured);
  let tokens = allowed;
  let due = 0;
  let notBeforeMs = 0;
  const pending429: number[] = [];
  const settled: Run = { calls: 0, throttled: 0 };
  for (let ms = 0; ms < minutes * 60 * seconds; ms += 10) {
    tokens = Math.min(allowed, tokens + allowed / 100);
    while ((pending429[0] ?? Infinity) <= ms) {
      pending429.shift();
      state = onThrottled(state, ms);
      notBeforeMs = Math.max(notBeforeMs, ms + 1 * seconds);
    }
    if (ms < notBeforeMs) continue;
    state = recover(state, ms);
    due = Math.min(2, due + state.currentPerSecond / 100);
    if (due < 1 - 1e-9) continue;
    due -= 1;
    const isAllowed = tokens >= 1;
    if (isAllowed) tokens -= 1;
    else pending429.push(ms + latencyMs);
    if (ms < 60 * seconds) continue;
    settled.calls += 1;
    settled.throttled += isAllowed ? 0 : 1;
  }
  const served = settled.calls - settled.throttled;
  return { settled, usedShare: served / (allowed * (minutes - 1) * 60) };
}

describe('a pace set 30 % above what Webex allows', () => {
  it.each([
    [5, 5],
    [10, 5],
    [10, 200],
    [20, 500],
    [50, 100],
    [50, 300],
  ])(
    'of %i/s at %i ms latency: few 429s after the first minute, most of the rate used',
    (allowed, latencyMs) => {
      const { settled, usedShare } = simulate({
        allowed,
        configured: allowed * 1.3,
        latencyMs,
        minutes: 20,
      });
      expect((settled.throttled / settled.calls) * 1_000).toBeLessThanOrEqual(5);
      expect(usedShare).toBeGreaterThan(0.88);
    },
  );

  it('uses all of a pace that is allowed', () => {
    const run = simulate({ allowed: 10, configured: 10, latencyMs: 50, minutes: 10 });
    expect(run.settled.throttled).toBe(0);
    expect(run.usedShare).toBeGreaterThan(0.97);
  });
});
