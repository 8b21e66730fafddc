/**
 * Characters that nobody sees, or that look like a blank and aren't one: format and control characters
 * (zero-width blanks, byte-order marks), what fonts ignore, and the other blanks of Unicode.
 */
const hidden = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Z}/u;

/** The first such character of a text: its code, and the text before it. */
export function hiddenCharacterIn(text: string): { code: string; after: string } | null {
  const found = hidden.exec(text);
  if (!found) return null;
  const [character] = found;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { code: `U+${code}`, after: text.slice(0, found.index) };
}
