import type { Figure } from './figure';

const heads = ['figure', 'Seatwise', 'peer', 'ratio', 'goal', ''];

/** The figures as aligned columns. */
export function printTable(figures: readonly Figure[]): string[] {
  const rows = figures.map(({ figure, measured, peer, ratio, goal, isMet }) => [
    figure,
    measured,
    peer,
    ratio,
    goal,
    isMet ? 'ok' : 'MISSED',
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}

/** A number with this many digits after the point and with commas at thousands. */
export function digits(value: number, places: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
}

export function percent(share: number): string {
  return `${digits(share * 100, 1)} %`;
}
