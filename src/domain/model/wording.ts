/** `1 user`, `3 users`; pass the plural where it isn't the singular with an s. */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}

/** The first few of a list and how many more there are: `a, b and 3 more`. */
export function firstFew(names: readonly string[], most: number, total = names.length): string {
  const shown = names.slice(0, most).join(', ');
  const more = total - Math.min(names.length, most);
  return more > 0 ? `${shown} and ${more} more` : shown;
}
/** A piece of a file, short enough to be quoted in a sentence. */

export function quoted(text: string): string {
  const plain = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return `"${plain.length > 80 ? `${plain.slice(0, 80)}…` : plain}"`;
}
