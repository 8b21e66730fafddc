const longest = 300;

/**
 * Makes a foreign text fit for a message: one line of at most 300 characters, without the given secrets
 * and without anything that looks like a bearer token.
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
