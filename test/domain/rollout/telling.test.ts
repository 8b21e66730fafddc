import {
  mostTellings,
  nextTelling,
  type Telling,
  type Waits,
} from '../../../src/domain/rollout/telling';

const startMs = Date.parse('2026-01-02T03:04:05Z');
const own = 'the soak time of the pilot';
const waits = (given: Partial<Waits> = {}): Waits => ({
  phaseVersion: 3,
  text: `Webex, not before noon; ${own}`,
  own,
  ...given,
});
const told = (given: Partial<Telling> = {}): Telling => ({
  ...waits(),
  times: 1,
  at: new Date(startMs - 3_600_000).toISOString(),
  ...given,
});

describe('what a workflow is told that it waits for', () => {
  it.each<[string, Telling | null, Waits, string | null | undefined]>([
    ['nothing that it knows', null, waits({ text: own }), undefined],
    ['nothing while it waits for nothing', null, waits({ text: null, own: null }), undefined],
    ['what it does not know', null, waits(), waits().text],
    ['nothing twice', told(), waits(), undefined],
    ['something else', told(), waits({ text: 'else' }), 'else'],
    ['the end of it', told(), waits({ text: own }), null],
    ['the end of it after it has moved on', told(), waits({ phaseVersion: 4, text: own }), null],
    ['no end twice', told({ text: null }), waits({ text: own }), undefined],
    ['the same again once it has moved on', told(), waits({ phaseVersion: 4 }), waits().text],
    ['the same again once it waits for more', told(), waits({ own: 'else' }), waits().text],
    ['nothing soon after the last time', told({ at: iso(-1) }), waits({ text: 'else' }), undefined],
  ])('is %s', (_, before, now, text) => {
    const next = nextTelling(before, now, startMs);
    expect(next === null ? undefined : next.text).toBe(text);
    if (next) expect(next).toMatchObject({ times: (before?.times ?? 0) + 1, at: iso(0) });
  });

  it('is little, however often something changes, and ends with nothing told', () => {
    const days: number[] = [];
    let before: Telling | null = null;
    for (let second = 0; second < 30 * 86_400; second += 5) {
      const now = waits({ text: `at ${second}` });
      const next: Telling | null = nextTelling(before, now, startMs + second * 1_000);
      if (next) days.push(second / 86_400);
      before = next ?? before;
    }
    expect(days).toHaveLength(mostTellings);
    expect(before?.text).toBeNull();
    // Soon at first: ten in the first four minutes, and for a week some each day.
    expect(days[9]).toBeLessThan(240 / 86_400);
    expect(days.at(-1)).toBeGreaterThan(6);
  });
});

function iso(seconds: number): string {
  return new Date(startMs + seconds * 1_000).toISOString();
}
