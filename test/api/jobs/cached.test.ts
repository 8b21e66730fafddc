import { cached } from '../../../src/api/jobs/cached';

describe('a cached question', () => {
  it('is asked once for askers at one time, and again when its answer is old', async () => {
    let now = 0;
    let asked = 0;
    const ask = cached(1_000, (key) => Promise.resolve(`${key}${(asked += 1)}`), {
      nowMs: () => now,
    });
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a1', 'a1', 'b2']);
    now = 999;
    expect(await ask('a')).toBe('a1');
    now = 1_000;
    expect(await ask('a')).toBe('a3');
  });

  it('that failed is asked again', async () => {
    let isBroken = true;
    const ask = cached(1_000, () =>
      isBroken ? Promise.reject(new Error('broken')) : Promise.resolve('fine'),
    );
    await expect(ask('a')).rejects.toThrow('broken');
    isBroken = false;
    expect(await ask('a')).toBe('fine');
  });

  describe('with patience', () => {
    const patience = { waitMs: 5, oldestMs: 3_000 };
    let now: number;
    let answers: ((answer: string) => void)[];
    let ask: (key: string) => Promise<string>;
    beforeEach(() => {
      now = 0;
      answers = [];
      const question = () => new Promise<string>((resolve) => answers.push(resolve));
      ask = cached(1_000, question, { nowMs: () => now, patience });
    });

    it('is answered as before where a new answer takes longer, and with that once it is there', async () => {
      const first = ask('a');
      answers[0]!('first');
      expect(await first).toBe('first');
      now = 1_000;
      expect(await Promise.all([ask('a'), ask('a')])).toEqual(['first', 'first']);
      expect(answers).toHaveLength(2);
      answers[1]!('second');
      expect(await ask('a')).toBe('second');
    });

    it('waits for a new answer where the one before is too old, or was never there', async () => {
      const first = ask('a');
      answers[0]!('first');
      expect(await first).toBe('first');
      now = 3_000;
      const second = ask('a');
      answers[1]!('second');
      expect(await second).toBe('second');
    });

    it('keeps what was answered last while several questions have no answer', async () => {
      const first = ask('a');
      answers[0]!('first');
      await first;
      for (now = 1_000; now < 3_000; now += 1_000) expect(await ask('a')).toBe('first');
      expect(answers).toHaveLength(3);
    });
  });
});
