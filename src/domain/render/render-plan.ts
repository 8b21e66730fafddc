import { changeLabel, targetLabel, userLabel } from '../model/change-label';
import type { Note } from '../model/note';
import type { Change } from '../model/change';
import type { PlanRow, PlanSummary, UnitForecast } from '../plan/plan-summary';
import { renderBlocked, renderFeatures } from './render-impact';

export { changeLabel, changesLabel, targetLabel, userLabel } from '../model/change-label';

export interface RenderInput {
  /** `Template "Sales" r3, existing users, keeps what it doesn't name`. */
  title: string;
  /** Rows in any order; they are printed in order of service. */
  rows: readonly PlanRow[];
  summary: PlanSummary;
  /** The pace in force, for the time that the plan will take. */
  writesPerSecond: number;
  /** Users printed at most; the rest is one line. */
  maxUsers?: number;
}

/** A plan as people read plans, one string per line: removals first, `+` `-` `=` `!` with reasons. */
export function renderPlan(input: RenderInput): string[] {
  const { title, rows, summary } = input;
  const telling = rows.filter((row) => row.outcome !== 'unchanged' || row.blocked.length > 0);
  const sorted = [...telling].sort((a, b) => rank(a) - rank(b) || a.seq - b.seq);
  const shown = sorted.slice(0, input.maxUsers ?? Infinity);
  const hidden = sorted.length - shown.length;
  return [
    title,
    '',
    ...shown.flatMap(renderUser),
    ...(hidden > 0 ? [`… and ${count(hidden, 'more user')}`, ''] : []),
    ...renderTotals(summary),
    ...renderBlocked(summary),
    ...renderFeatures(summary),
    ...summary.warnings.map((warning) => `! ${warning.text} (${warning.rule})`),
    ...renderUnits(summary.units),
    ...renderWaves(summary),
    renderClosing(summary, input.writesPerSecond),
  ];
}

/** `3 h 12 min`, `48 s`: how long so many writes take. */
export function durationLabel(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  if (minutes < 120) return `${minutes} min`;
  return minutes % 60 === 0
    ? `${minutes / 60} h`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function renderUser(row: PlanRow): string[] {
  const where = row.wave === null ? row.outcome : row.wave === 0 ? 'pilot' : `wave ${row.wave}`;
  const removals = row.changes.filter((change) => change.operation === 'remove');
  const additions = row.changes.filter((change) => change.operation === 'add');
  return [
    `${userLabel(row)}  [${where}]`,
    ...[...removals, ...additions].map(renderChange),
    ...row.kept.map((note) => renderNote('=', note)),
    ...row.blocked.map((note) => renderNote('!', note)),
    ...row.withheld.map((change) => `  ! waits: ${changeLabel(change)}`),
    '',
  ];
}

function renderChange(change: Change): string {
  return `  ${changeLabel(change)}  ${change.reason.text} (${change.reason.rule})`;
}

function renderNote(sign: '=' | '!', note: Note): string {
  return `  ${sign} ${targetLabel(targetOf(note))}  ${note.text} (${note.rule})`;
}

function targetOf({ target }: Note): Note['target'] {
  return target;
}

/** Users who lose something first, then other writes, then those for whom nothing can be done. */
function rank(row: PlanRow): number {
  if (row.changes.some((change) => change.operation === 'remove' && !change.replacement)) return 0;
  if (row.changes.length > 0) return 1;
  return row.outcome === 'unchanged' ? 3 : 2;
}

function renderTotals({ totals }: PlanSummary): string[] {
  const removed = totals.filter((total) => total.operation === 'remove');
  const added = totals.filter((total) => total.operation === 'add');
  return [...removed, ...added].map((total) => {
    const sign = total.operation === 'add' ? '+' : '-';
    const site =
      total.site === null ? '' : `${total.offer === 'attendee' ? '' : ' host'}@${total.site}`;
    return `${sign}${total.offer}${site}  ${count(total.users, 'user')}`;
  });
}

function renderUnits(units: readonly UnitForecast[]): string[] {
  const limited = units.filter(
    (unit) => unit.unitsLeft !== null && unit.taken + unit.freed + unit.waiting > 0,
  );
  return limited.map((unit) => {
    const site = unit.site === null ? '' : ` on ${unit.site}`;
    const waiting = unit.waiting > 0 ? `, ${count(unit.waiting, 'user')} waiting` : '';
    return (
      `Units of ${unit.name}${site}: ${unit.unitsLeft ?? 0} left now, ` +
      `${unit.unitsLeftAfter ?? 0} after (${unit.taken} taken, ${unit.freed} freed)${waiting}`
    );
  });
}

function renderWaves({ waves }: PlanSummary): string[] {
  if (waves.length === 0) return [];
  const parts = waves.map(({ wave, users }) => `${wave === 0 ? 'pilot' : `wave ${wave}`} ${users}`);
  return [`Order: ${parts.join(', ')}`];
}

function renderClosing(summary: PlanSummary, writesPerSecond: number): string {
  const others = [
    [summary.unchanged, 'unchanged'],
    [summary.waitingForSeat, 'waiting for a seat'],
    [summary.hostPending, 'waiting for a host license'],
    [summary.blocked, 'blocked'],
  ] as const;
  const rest = others.filter(([users]) => users > 0).map(([users, word]) => `${users} ${word}`);
  const time =
    summary.planned === 0
      ? 'Nothing will be written.'
      : `About ${durationLabel(summary.planned / writesPerSecond)} at ${writesPerSecond}/s, without gates and soak.`;
  return (
    `Plan: ${count(summary.planned, 'user')} to change: ${count(summary.removals, 'removal')}, ` +
    `${count(summary.additions, 'addition')}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}. ${time}`
  );
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
