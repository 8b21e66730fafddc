import type { ReportContent, ReportRow } from '../../db/rollout/report-rows';
import { quotedCell } from '../../domain/csv/cells';
import { lineOfQuoted } from '../../domain/csv/write-line';
import { featureLabel } from '../../domain/features/feature-label';
import type { FeatureEffectKind } from '../../domain/features/features';
import { isNoticed } from '../../domain/features/feature-totals';
import { rowFeatures } from '../../domain/features/row-features';
import { changePhrase, targetLabel } from '../../domain/licenses/change-label';
import type { Change } from '../../domain/model/change';
import type { Note } from '../../domain/model/note';
import type { CallingOffers } from '../../domain/model/settings';
import { activationOf, outcomeLabel } from '../../domain/rollout/activation';

export const reportColumns = [
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

/** Cells that are the same for all users with one content and one outcome, ready to be written. */
interface SharedCells {
  outcome: string;
  /** From `Added` to `Blocked By`, and from `Features Lost` to `Inform`. */
  plan: string;
  features: string;
}

/** The line of a user in a report, and what they have said. Cells that users share are made once. */
export type ReportLine = (row: ReportRow, said: string) => string;

export function createReportLines(callingOffers: CallingOffers): ReportLine {
  const known = new WeakMap<ReportContent, Map<string, SharedCells>>();
  const sharedOf = (row: ReportRow): SharedCells => {
    const ofContent = known.get(row.content) ?? new Map<string, SharedCells>();
    known.set(row.content, ofContent);
    const key = [row.outcome, row.writtenAt === null, row.invitePending, row.status].join();
    const shared = ofContent.get(key) ?? sharedCells(row, callingOffers);
    ofContent.set(key, shared);
    return shared;
  };
  return (row, said) => {
    const { outcome, plan, features } = sharedOf(row);
    const cells = [
      quotedCell(row.email),
      quotedCell(row.displayName),
      outcome,
      waveName(row.wave),
      plan,
      quotedCell(row.detail ?? ''),
      String(row.attempts),
      quotedCell(row.writtenAt?.toISOString() ?? ''),
      quotedCell(row.convergedAt?.toISOString() ?? ''),
      quotedCell(row.trackingId ?? ''),
      features,
      quotedCell(said),
    ];
    return lineOfQuoted(cells);
  };
}

function waveName(wave: number | null): string {
  if (wave === null) return '';
  return wave === 0 ? 'pilot' : String(wave);
}

function sharedCells(row: ReportRow, callingOffers: CallingOffers): SharedCells {
  const { content } = row;
  const whole = { ...row, ...content };
  const { changes, refused, waiting, kept, blocked } = content;
  return {
    outcome: quotedCell(outcomeLabel(row.outcome, activationOf(whole))),
    plan: joined([
      labels(changes, 'add'),
      labels(changes, 'remove'),
      phrases(refused ?? []),
      phrases(waiting),
      notes(kept),
      notes(blocked),
      [...new Set(blocked.map(({ code }) => code))].join('; '),
    ]),
    features: joined(featureCells(rowFeatures(whole, callingOffers))),
  };
}

function joined(cells: readonly string[]): string {
  return cells.map(quotedCell).join(',');
}

/** `Inform` is yes for users who lose or gain a feature: Webex sends them no mail (R82). */
function featureCells(effects: ReturnType<typeof rowFeatures>): string[] {
  const featuresOf = (kind: FeatureEffectKind) =>
    effects
      .filter(({ effect }) => effect === kind)
      .map(featureLabel)
      .join('; ');
  return [
    featuresOf('lost'),
    featuresOf('gained'),
    featuresOf('limited'),
    featuresOf('not-stated'),
    isNoticed(effects) ? 'yes' : '',
  ];
}

function labels(changes: readonly Change[], operation: Change['operation']): string {
  return changes
    .filter((change) => change.operation === operation)
    .map(({ target }) => targetLabel(target))
    .join('; ');
}

function phrases(changes: readonly Change[]): string {
  return changes.map(changePhrase).join('; ');
}

function notes(list: readonly Note[]): string {
  return list.map((one) => `${targetLabel(one.target)}: ${one.text}`).join('; ');
}
