const longest = 300;

/**
 * Text of others made fit for a message: one line, without the given secrets and without anything
 * that looks like a bearer token, at most 300 characters.
 */
export function oneLine(text: string, secrets: readonly string[] = []): string {
  let line = text;
  for (const secret of secrets) if (secret !== '') line = line.replaceAll(secret, '[cut]');
  line = line
    .replace(/bearer\s+[^\s"',;]+/gi, 'Bearer [cut]')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
