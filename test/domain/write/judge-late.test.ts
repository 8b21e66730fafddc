import { someSettings } from '../builders';
import type { Change } from '../../../src/domain/model/change';
import { judgeLateAnswer, judgeLateRead, type LateRow } from '../../../src/domain/write/judge-late';
import { adds, addsAttendee, removes } from '../../support/scripted-webex';

const { callingOffers } = someSettings();
const [ms, rtt, calling, attendee] = [
  adds('MS'),
  removes('RTT'),
  removes('BCSTD'),
  addsAttendee('acme.webex.com'),
];

function row(changes: Change[], done: Change[] = []): LateRow {
  return { changes, done, pending: null, callingOffers };
}

interface Case {
  changes: Change[];
  done?: Change[];
  refused?: Change[];
  silent?: Change[];
  verdict: object | 'repeat' | null;
}

describe('R94 what a later read shows of a write whose answer was lost', () => {
  it.each<[string, Case]>([
    [
      'all of it',
      { changes: [ms, rtt], done: [ms, rtt], verdict: { outcome: 'applied', isWhole: true } },
    ],
    [
      'all but an attendee account, of which it says nothing',
      {
        changes: [ms, attendee],
        done: [ms],
        silent: [attendee],
        verdict: { outcome: 'applied', isWhole: false },
      },
    ],
    ['nothing that it can show', { changes: [attendee], silent: [attendee], verdict: 'repeat' }],
    [
      'nothing, and more that it can not show',
      { changes: [ms, attendee], refused: [ms], silent: [attendee], verdict: 'repeat' },
    ],
    ['nothing', { changes: [ms], refused: [ms], verdict: null }],
    ['an addition of two', { changes: [ms, rtt], done: [ms], refused: [rtt], verdict: null }],
    [
      'R95 a removal without the addition',
      {
        changes: [ms, rtt],
        done: [rtt],
        refused: [ms],
        verdict: { outcome: 'planned', putBack: [{ operation: 'add', target: rtt.target }] },
      },
    ],
    [
      'R68 everything but Calling, which was to follow',
      {
        changes: [ms, calling],
        done: [ms],
        refused: [calling],
        verdict: { outcome: 'partial', refused: [calling] },
      },
    ],
    [
      'R68 Calling gone, which was not asked for yet: somebody else removed it',
      { changes: [ms, calling], done: [calling], refused: [ms], verdict: null },
    ],
  ])('%s', (_, { changes, done = [], refused = [], silent = [], verdict }) => {
    const judged = judgeLateRead(row(changes), { done, refused, silent });
    if (verdict === null || typeof verdict === 'string') expect(judged).toBe(verdict);
    else expect(judged).toMatchObject(verdict);
  });

  it('R68 Calling gone without the one in its place: failed and held, and said once', () => {
    const standard = adds('STANDARD');
    const offers = { ...callingOffers, standard: 'STANDARD' };
    const changes = [calling, standard];
    const shown = { done: [calling], refused: [standard], silent: [] };
    const one = { ...row(changes), callingOffers: offers };
    expect(judgeLateRead(one, shown)).toMatchObject({
      outcome: 'failed',
      lost: true,
      putBack: null,
      detail: expect.stringContaining("That can't be undone.") as string,
    });
    expect(judgeLateRead({ ...one, done: [calling] }, shown)).toBeNull();
  });
});

describe('R94 what the answer to a repeated call shows', () => {
  it.each<[string, { done: Change[]; refused: Change[]; later?: Change[] }, object]>([
    ['all', { done: [ms, rtt], refused: [] }, { outcome: 'applied', putBack: null }],
    ['nothing', { done: [], refused: [ms, rtt] }, { outcome: 'failed', putBack: null }],
    ['a removal only', { done: [rtt], refused: [ms] }, { outcome: 'planned' }],
    ['an addition only', { done: [ms], refused: [rtt] }, { outcome: 'partial', putBack: null }],
    [
      'all but what follows',
      { done: [ms], refused: [], later: [calling] },
      { outcome: 'partial', refused: [calling] },
    ],
  ])('%s', (_, { later = [], ...shown }, verdict) => {
    const changes = [...shown.done, ...shown.refused, ...later];
    const judged = judgeLateAnswer(row(changes), shown, { later, unitsLeft: {} });
    expect(judged).toMatchObject(verdict);
  });
});
