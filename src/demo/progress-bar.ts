const width = 24;

/** `[██████░░░░░░] 12/24`, or with `#` and `.` where only ASCII is safe. */
export function progressBar(done: number, total: number, isPlain = false): string {
  const filled = total === 0 ? width : Math.min(width, Math.round((done / total) * width));
  const [full, empty] = isPlain ? ['#', '.'] : ['█', '░'];
  return `[${full.repeat(filled)}${empty.repeat(width - filled)}] ${String(done)}/${String(total)}`;
}
