import { stringify, type Stringifier } from 'csv-stringify';
import type { Queryable } from '../../db/connect';
import { anonymousFeedback, feedbackOf, type FeedbackRow } from '../../db/rollout/feedback';
import { listRolloutUsers, type RolloutUserRow } from '../../db/rollout/rollout-users';
import { activationOf, outcomeLabel } from '../../domain/rollout/activation';
import { changePhrase, targetLabel } from '../../domain/licenses/change-label';
import { csvFormat } from '../../domain/csv/cells';
import { featureLabel } from '../../domain/features/feature-label';
import type { FeatureEffectKind } from '../../domain/features/features';
import type { Note } from '../../domain/model/note';
import type { Change } from '../../domain/model/change';
import type { CallingOffers } from '../../domain/model/settings';
import { isNoticed } from '../../domain/features/feature-totals';
import { rowFeatures } from '../../domain/features/row-features';
import { waitForDrain } from '../http/wait-for-drain';

const pageRows = 1_000;
const columns = [
  'User ID/Email',
  'Display Name',
  'Outcome',
  'Wave',
  'Added',
  'Removed',
  'Refused',
  'Withheld',
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
 * The report of a rollout as CSV (RFC 4180, UTF-8 with a byte-order mark for spreadsheets), read in
 * pages as fast as the reader takes it. Feedback that names no user has rows of its own at the end
 * (R85). Cells that a spreadsheet would run as formulas are escaped. `Inform` is yes for those who lose
 * or gain a feature: Webex sends them no mail (R82).
 */
export function reportCsv(input: ReportInput): Stringifier {
  const csv = stringify({
    ...csvFormat,
    header: true,
    columns: [...columns],
    escape_formulas: true,
  });
  void fill(input, csv).catch((error: unknown) =>
    csv.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return csv;
}

async function fill(input: ReportInput, csv: Stringifier): Promise<void> {
  const { db, rolloutId, callingOffers } = input;
  const everybody = { rolloutId, outcomes: null, wave: null, changed: null, text: null };
  for (let afterSeq = 0; !csv.destroyed;) {
    const rows = await listRolloutUsers(db, { ...everybody, afterSeq, limit: pageRows });
    const said = await feedbackOf(db, rolloutId, rows);
    for (const row of rows) {
      const line = [...cells(row, callingOffers), saidBy(said.get(row.personId) ?? [])];
      if (!csv.write(line)) await waitForDrain(csv);
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageRows) break;
    afterSeq = last.seq;
  }
  for (const one of await anonymousFeedback(db, rolloutId)) {
    if (!csv.write([...columns.slice(1).map(() => ''), saidBy([one])])) await waitForDrain(csv);
  }
  csv.end();
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
    phrases(row.withheld),
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
