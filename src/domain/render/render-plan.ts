import { changeLabel, removalsFirst, targetLabel, userLabel } from '../licenses/change-label';
import type { Note } from '../model/note';
import { counted } from '../model/text/wording';
import type { PlanRow, PlanSummary } from '../plan/plan-summary';
import { renderBlocked, renderFeatures } from './render-impact';
import { renderClosing, renderTotals, renderUnits, renderWaves } from './render-totals';

export interface RenderInput {
  /** `Template "Sales" r3, existing users, keeps all other licenses`. */
  title: string;
  /** Rows in any order; they are printed in order of service. */
  rows: readonly PlanRow[];
  summary: PlanSummary;
  /** The pace in force, to estimate the time of the plan. */
  writesPerSecond: number;
  /** Users printed at most; the rest is one line. */
  maxUsers?: number;
}

/**
 * A plan as people read it, one string per line: `-` removed, `+` added, `=` unchanged, `!` warning.
 * Users who lose something come first, and so do the removals of each user.
 */
export function renderPlan(input: RenderInput): string[] {
  const { title, rows, summary } = input;
  const worthReading = rows.filter((row) => row.outcome !== 'unchanged' || row.blocked.length > 0);
  const sorted = worthReading.sort((a, b) => rank(a) - rank(b) || a.seq - b.seq);
  const shown = sorted.slice(0, input.maxUsers ?? Infinity);
  const hidden = sorted.length - shown.length;
  return [
    title,
    '',
    ...shown.flatMap(renderUser),
    ...(hidden > 0 ? [`… and ${counted(hidden, 'more user')}`, ''] : []),
    ...renderTotals(summary.totals),
    ...renderBlocked(summary.blockedBy),
    ...renderFeatures(summary),
    ...summary.warnings.map(({ text }) => `! ${text}`),
    ...renderUnits(summary.units),
    ...renderWaves(summary.waves),
    renderClosing(summary, input.writesPerSecond),
  ];
}

const restingLabels: Readonly<Record<Exclude<PlanRow['outcome'], 'planned'>, string>> = {
  unchanged: 'unchanged',
  blocked: 'blocked',
  'waiting-for-seat': 'waiting for a unit',
  'host-pending': 'waiting for a host license',
  excluded: 'left out of this plan',
};

function renderUser(row: PlanRow): string[] {
  return [
    `${userLabel(row)}  [${placeOf(row)}]`,
    ...removalsFirst(row.changes).map(
      (change) => `  ${changeLabel(change)}: ${change.reason.text}`,
    ),
    ...row.kept.map((note) => renderNote('=', note)),
    ...row.blocked.map((note) => renderNote('!', note)),
    ...row.waiting.map((change) => `  ! waits: ${changeLabel(change)}`),
    '',
  ];
}

function placeOf({ wave, outcome }: PlanRow): string {
  if (wave !== null) return wave === 0 ? 'pilot' : `wave ${wave}`;
  return outcome === 'planned' ? 'planned' : restingLabels[outcome];
}

function renderNote(sign: '=' | '!', { target, text }: Note): string {
  return `  ${sign} ${targetLabel(target)}: ${text}`;
}

/** Users who lose something, then other changes, then users for whom nothing can be done. */
function rank(row: PlanRow): number {
  if (row.changes.some((change) => change.operation === 'remove' && !change.replacement)) return 0;
  if (row.changes.length > 0) return 1;
  return row.outcome === 'unchanged' ? 3 : 2;
}
