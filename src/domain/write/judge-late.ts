import { changePhrase } from '../licenses/change-label';
import type { Change } from '../model/change';
import type { CallingOffers } from '../model/settings';
import { isAmong } from '../model/was-refused';
import type { PlannedUser } from '../plan/planned-user';
import { changesToPutBack, lostForGood } from './changes-to-put-back';
import type { Compared } from './compare-holdings';
import { nextCall } from './next-call';
import { judgeWrite, type WriteJudgement, type WriteResult } from './judge-write';

export interface LateRow {
  /** Everything that the row asked for. */
  changes: readonly Change[];
  done: readonly Change[];
  pending: PlannedUser['pending'];
  callingOffers: CallingOffers;
}

export interface LateVerdict {
  outcome: WriteJudgement['outcome'] | 'planned';
  done: Change[];
  refused: Change[];
  detail: string | null;
  /** What is owed to the user (R95). */
  putBack: Change[] | null;
  /** Something was removed that nothing brings back (R68). */
  lost: boolean;
  /** All of the change is seen. */
  isWhole: boolean;
}

const details = {
  whole:
    'The answer to the write was lost. A later read shows the change: made by this write, or by somebody else since.',
  half: 'The answer to the write was lost. A later read shows that only a part of it was done.',
  asked: 'The answer to the write was lost. The answer to a repeated call shows what was done.',
};

/**
 * What a read shows of a write whose answer was lost:
 *
 * | done    | not done    | not shown | then                                                |
 * |---------|-------------|-----------|-----------------------------------------------------|
 * | all     | –           | –         | done                                                |
 * | some    | –           | some      | written; verification asks for the rest             |
 * | some    | what was to follow (R95) | – | partial: it was never asked for                 |
 * | removal | an addition | any       | put back (R95); for Calling: failed, and held (R68)  |
 * | else    |             | some      | only the answer of a repeated call can say          |
 * | else    |             | –         | nothing yet: a later read may show it (null)        |
 */
export function judgeLateRead(row: LateRow, compared: Compared): LateVerdict | 'repeat' | null {
  const { done, refused, silent } = compared;
  const { pending } = row;
  if (done.length > 0 && refused.length === 0) {
    const { outcome } = judgeWrite({ row: { pending }, done, refused, unitsLeft: {} });
    const isWhole = silent.length === 0;
    return { ...none, outcome, done, detail: details.whole, isWhole };
  }
  const { later } = nextCall(row.changes, row.done, row.callingOffers);
  if (done.length > 0 && refused.every((change) => later.includes(change))) {
    const detail = `${details.half} Seatwise did not ${refused.map(changePhrase).join(' or ')}.`;
    return { ...none, outcome: 'partial', done, refused, detail };
  }
  const asked = done.filter((change) => !later.includes(change));
  const loss = lossOf(row, { done: asked, refused, silent }, {});
  if (loss) return { ...none, ...loss, done, refused, detail: sentences(details.half, loss) };
  return silent.length > 0 ? 'repeat' : null;
}

/** The same by the answer to a repeated call, which shows everything. `later`: what it didn't ask for. */
export function judgeLateAnswer(
  row: LateRow,
  shown: Pick<Compared, 'done' | 'refused'>,
  { later, unitsLeft }: { later: readonly Change[]; unitsLeft: WriteResult['unitsLeft'] },
): LateVerdict {
  const done = [...row.done, ...shown.done];
  const refused = [...shown.refused, ...later];
  const { pending } = row;
  const judged = judgeWrite({ row: { pending }, done, refused, unitsLeft });
  const loss = lossOf(row, { done, refused: shown.refused, silent: [] }, unitsLeft);
  const detail = sentences([details.asked, judged.detail].filter(Boolean).join(' '), loss);
  return { ...none, outcome: judged.outcome, ...loss, done, refused, detail };
}

const none = { done: [], refused: [], putBack: null, lost: false, isWhole: false };

type Loss = Pick<LateVerdict, 'outcome' | 'putBack' | 'lost'> & { gone: Change[] };

/** Null where nothing was taken for nothing, or where everybody knows already. */
function lossOf(
  row: LateRow,
  { done, refused, silent }: Compared,
  unitsLeft: WriteResult['unitsLeft'],
): Loss | null {
  const isLoss =
    done.some(({ operation }) => operation === 'remove') &&
    refused.some(({ operation }) => operation === 'add');
  if (!isLoss) return null;
  const input = { done, refused, silent, unitsLeft, callingOffers: row.callingOffers };
  const putBack = changesToPutBack(input);
  const gone = lostForGood(input);
  if (putBack.length > 0) return { outcome: 'planned', putBack, lost: gone.length > 0, gone };
  const isKnown = gone.every((change) => isAmong(row.done, change));
  return isKnown ? null : { outcome: 'failed', putBack: null, lost: true, gone };
}

function sentences(first: string, loss: Loss | null): string {
  if (loss === null || loss.gone.length === 0) return first;
  return `${first} Webex did ${loss.gone.map(changePhrase).join(' and ')}. That can't be undone.`;
}
