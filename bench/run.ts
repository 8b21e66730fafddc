/** `npm run bench`: what Seatwise costs, each figure next to its peer from the same run. */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { runEntry } from '../src/bin/run-entry';
import { ErrorForPeople } from '../src/error-for-people';
import type { Figure } from './figure';
import { figures } from './figures';
import { printTable } from './print-table';

const help = `Usage: npm run bench -- [--only a,c] [--quick]

Starts its own Temporal dev server, PostgreSQL and simulated Webex on loopback, and measures on them.

  --only LIST  only these figures: ${figures.map(({ letter, about }) => `${letter} ${about}`).join(', ')}
  --quick      smaller numbers and shorter windows, to test the bench itself`;

function chosen(only: string | undefined): typeof figures {
  if (only === undefined) return figures;
  const letters = only.split(',').map((letter) => letter.trim());
  const unknown = letters.find((letter) => !figures.some((known) => known.letter === letter));
  if (unknown !== undefined) {
    const known = figures.map(({ letter }) => letter).join(', ');
    throw new ErrorForPeople(`--only accepts the letters ${known}, but not "${unknown}".`);
  }
  return figures.filter(({ letter }) => letters.includes(letter));
}

runEntry(async ({ signal, say }) => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(help);
    return 0;
  }
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
  const tell = (line: string) => void process.stderr.write(`${String(seconds())} s  ${line}\n`);
  const table: Figure[] = [];
  for (const { letter, about, measure } of chosen(values.only)) {
    tell(`${letter}) ${about}`);
    try {
      const bench = { signal, isQuick: values.quick, say: (line: string) => tell(`   ${line}`) };
      table.push(...(await measure(bench)));
    } catch (error) {
      if (!signal.aborted) throw error;
      say('Stopped.');
      return 130;
    }
  }
  const size = values.quick ? 'quick, do not quote' : 'full size';
  say(`\nNode ${process.versions.node}, ${cpus().length} cores, ${size}, ${seconds()} s\n`);
  printTable(table).forEach(say);
  return 0;
});
