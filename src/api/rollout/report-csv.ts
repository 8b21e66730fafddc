import { Readable } from 'node:stream';
import { pagesInTurn } from '../http/pages-in-turn';
import type { Queryable } from '../../db/connect';
import { anonymousFeedback, feedbackOf, type FeedbackRow } from '../../db/rollout/feedback';
import { listRolloutUsers, type RolloutUserRow } from '../../db/rollout/rollout-users';
import { activationOf, outcomeLabel } from '../../domain/rollout/activation';
import { changePhrase, targetLabel } from '../../domain/licenses/change-label';
import { writeCell } from '../../domain/csv/cells';
import { byteOrderMark, writeLine } from '../../domain/csv/write-line';
import { featureLabel } from '../../domain/features/feature-label';
import type { FeatureEffectKind } from '../../domain/features/features';
import type { Note } from '../../domain/model/note';
import type { Change } from '../../domain/model/change';
import type { CallingOffers } from '../../domain/model/settings';
import { isNoticed } from '../../domain/features/feature-totals';
import { rowFeatures } from '../../domain/features/row-features';

const pageRows = 1_000;
const columns = [
  'User ID/Email',
  'Display Name',
  'Outcome',
  'Wave',
  'Added',
  'Removed',
  'Refused',
  'Waiting',
  'Kept',
  'Blocked',
  'Blocked By',
  'Detail',
  'Attempts',
  'Written At',
  'Converged At',
  'Tracking ID',
  'Features Lost',
  'Features Gained',
  'Features Limited',
  'Features Not Stated',
  'Inform',
  'Feedback',
] as const;

export interface ReportInput {
  db: Queryable;
  rolloutId: string;
  callingOffers: CallingOffers;
}

/**
 * The report of a rollout as CSV (UTF-8 with a byte-order mark for spreadsheets), read in pages as
 * fast as the reader reads it. Feedback without a user has rows of its own at the end (R85).
 * `Inform` is yes for users who lose or gain a feature: Webex sends them no mail (R82).
 */
export function reportCsv(input: ReportInput): Readable {
  return Readable.from(pagesInTurn(pages(input)), { objectMode: false });
}

async function* pages({ db, rolloutId, callingOffers }: ReportInput): AsyncGenerator<string> {
  yield byteOrderMark + line([...columns]);
  const all = { rolloutId, outcomes: null, wave: null, changed: null, text: null };
  for (let afterSeq: number | undefined = 0; afterSeq !== undefined;) {
    const rows: RolloutUserRow[] = await listRolloutUsers(db, {
      ...all,
      afterSeq,
      limit: pageRows,
    });
    const said = await feedbackOf(db, rolloutId, rows);
    const lines = rows.map((row) =>
      line([...cells(row, callingOffers), saidBy(said.get(row.personId) ?? [])]),
    );
    if (lines.length > 0) yield lines.join('');
    afterSeq = rows.length < pageRows ? undefined : rows.at(-1)?.seq;
  }
  for (const one of await anonymousFeedback(db, rolloutId)) {
    yield line([...columns.slice(1).map(() => ''), saidBy([one])]);
  }
}

/** Cells that a spreadsheet would run as formulas get an apostrophe. */
function line(cells: readonly string[]): string {
  return writeLine(cells.map(writeCell));
}

function saidBy(said: readonly FeedbackRow[]): string {
  return said.map(({ verdict, text }) => `${verdict}: ${text}`).join('; ');
}

function cells(row: RolloutUserRow, callingOffers: CallingOffers): string[] {
  const effects = rowFeatures(row, callingOffers);
  const featuresOf = (kind: FeatureEffectKind) =>
    effects
      .filter(({ effect }) => effect === kind)
      .map(featureLabel)
      .join('; ');
  const labels = (changes: Change[], operation: Change['operation']) =>
    changes
      .filter((change) => change.operation === operation)
      .map(({ target }) => targetLabel(target))
      .join('; ');
  const phrases = (changes: Change[]) => changes.map(changePhrase).join('; ');
  const notes = (list: Note[]) =>
    list.map((one) => `${targetLabel(one.target)}: ${one.text}`).join('; ');
  return [
    row.email,
    row.displayName,
    outcomeLabel(row.outcome, activationOf(row)),
    row.wave === null ? '' : row.wave === 0 ? 'pilot' : String(row.wave),
    labels(row.changes, 'add'),
    labels(row.changes, 'remove'),
    phrases(row.refused ?? []),
    phrases(row.waiting),
    notes(row.kept),
    notes(row.blocked),
    [...new Set(row.blocked.map(({ code }) => code))].join('; '),
    row.detail ?? '',
    String(row.attempts),
    row.writtenAt?.toISOString() ?? '',
    row.convergedAt?.toISOString() ?? '',
    row.trackingId ?? '',
    featuresOf('lost'),
    featuresOf('gained'),
    featuresOf('limited'),
    featuresOf('not-stated'),
    isNoticed(effects) ? 'yes' : '',
  ];
}
