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

/** What was not reached, one sentence for each figure. */
export function missedInWords(figures: readonly Figure[]): string[] {
  return figures
    .filter(({ isMet }) => !isMet)
    .map(({ figure, measured, goal, unreached }) =>
      unreached === undefined
        ? `Missed: ${figure}: ${measured}, and the goal is ${goal}.`
        : `Not measured: ${figure}: ${unreached}`,
    );
}
