import { answerTrustMs, believedHoldings } from '../../../src/domain/write/believed-holdings';
import type { Holdings } from '../../../src/domain/model/user';

const h = (licenses: string[], attendeeSites: string[] | null = []): Holdings => ({
  licenses,
  attendeeSites,
});

describe('what to believe that a user holds', () => {
  const at = { readAtMs: 200, answeredAtMs: 100, nowMs: 300 };

  it('is the read where we never wrote', () => {
    const sources = { read: h(['a']), readAtMs: 1, answered: null, answeredAtMs: null, nowMs: 2 };
    expect(believedHoldings(sources)).toEqual({ holdings: h(['a']), answerSettled: false });
  });

  it.each<[string, Holdings, Holdings, Partial<typeof at>, Holdings, boolean]>([
    ['a later read that disagrees is not believed', h(['old']), h(['new']), {}, h(['new']), false],
    ['a later read that agrees settles it', h(['new']), h(['new']), {}, h(['new']), true],
    [
      'an earlier read that agrees settles nothing',
      h(['new']),
      h(['new']),
      { readAtMs: 50 },
      h(['new']),
      false,
    ],
    [
      'after 24 h the read is believed',
      h(['old']),
      h(['new']),
      { nowMs: 100 + answerTrustMs },
      h(['old']),
      true,
    ],
    [
      'just before 24 h it is not',
      h(['old']),
      h(['new']),
      { nowMs: 99 + answerTrustMs },
      h(['new']),
      false,
    ],
    [
      'a read without sites contradicts nothing',
      h(['a'], null),
      h(['a'], ['s']),
      {},
      h(['a'], ['s']),
      false,
    ],
    [
      'a read without sites settles what has none',
      h(['a'], null),
      h(['a'], []),
      {},
      h(['a'], []),
      true,
    ],
    [
      'a read with other sites is not believed',
      h(['a'], []),
      h(['a'], ['s']),
      {},
      h(['a'], ['s']),
      false,
    ],
    [
      'a read that shows the sites settles them',
      h(['a'], ['s']),
      h(['a'], ['s']),
      {},
      h(['a'], ['s']),
      true,
    ],
    [
      'sites that only the answer knows outlive its day',
      h(['a'], null),
      h(['b'], ['s']),
      { nowMs: 100 + answerTrustMs },
      h(['a'], ['s']),
      true,
    ],
  ])('R80a %s', (_, read, answered, times, holdings, answerSettled) => {
    expect(believedHoldings({ ...at, ...times, read, answered })).toEqual({
      holdings,
      answerSettled,
    });
  });
});
