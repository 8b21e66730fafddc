import { hiddenCharacterIn } from './hidden-character';

/** `1 user`, `3 users`; pass the plural where it isn't the singular with an s. */
export function counted(n: number, singular: string, plural = `${singular}s`): string {
  return `${n} ${n === 1 ? singular : plural}`;
}

/** A large number as people write it: `20,000`. */
export function digits(n: number): string {
  return n.toLocaleString('en');
}

/** The first few of a list and how many more there are: `a, b and 3 more`. */
export function firstFew(names: readonly string[], most: number, total = names.length): string {
  const shown = names.slice(0, most).join(', ');
  const more = total - Math.min(names.length, most);
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The beginning of a text, without what JSON has and PostgreSQL's text doesn't: U+0000 and half characters. */
export function excerpt(text: string, mostChars: number): string {
  return text
    .slice(0, mostChars)
    .replaceAll('\0', '\ufffd')
    .replace(/\p{Surrogate}/gu, '');
}

const mostQuotedChars = 80;

/** A piece of a file, short enough to be quoted in a sentence. */
export function quoted(text: string): string {
  // Of a huge cell only the beginning is looked at.
  const start = excerpt(text, 1_000);
  const plain = start.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  const isWhole = plain.length <= mostQuotedChars && text.length <= 1_000;
  return `"${isWhole ? plain : `${excerpt(plain, mostQuotedChars)}…`}"`;
}

/** A sentence that names a character that nobody sees, with a blank before it; empty if there is none. */
export function hiddenHint(text: string): string {
  const hidden = hiddenCharacterIn(text);
  if (!hidden) return '';
  const where = hidden.after.trim() === '' ? 'at its beginning' : `after ${quoted(hidden.after)}`;
  return ` It has an invisible character (${hidden.code}) ${where}: remove that.`;
}
