import { variables } from '../../src/config/variables';

const head =
  'Every variable that Seatwise reads, with its default. Copy this file to .env and change what you need. Variables of the environment take precedence over the file. An empty variable has its default.';

const width = 100;

/** Words of a text as comment lines. */
function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1) ?? '#'} ${word}`;
    if (lines.length > 0 && line.length <= width) lines[lines.length - 1] = line;
    else lines.push(`# ${word}`);
  }
  return lines;
}

/** The content of `.env.example`, made from the variables' descriptions and defaults. */
export function envExample(): string {
  const entries = Object.entries(variables.shape).map(([name, schema]) => {
    const fallback = schema.parse(undefined);
    // Null and the empty list are written as an empty value.
    const value = typeof fallback === 'object' ? '' : fallback;
    return [...comment(schema.meta()?.description ?? ''), `${name}=${value}`].join('\n');
  });
  return `${[comment(head).join('\n'), ...entries].join('\n\n')}\n`;
}
