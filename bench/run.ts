/** `npm run bench`: what Seatwise costs, each figure next to its peer from the same run. */
import { cpus, loadavg } from 'node:os';
import { runEntry, type Entry } from '../src/bin/run-entry';
import type { Bench, Figure } from './figure';
import { figures } from './figures';
import { digits } from './numbers';
import { chosen, readOptions } from './options';
import { missedInWords, printTable } from './print-table';

const listed = (all: readonly { letter: string; about: string }[]) =>
  all.map(({ letter, about }) => `${letter} ${about}`).join(', ');

const help = `Usage: npm run bench -- [--only a,c] [--quick]

Starts its own Temporal dev server, PostgreSQL and simulated Webex on loopback, and measures on them.

  --only LIST  only these figures: ${listed(figures)}
  --quick      smaller numbers and shorter windows, to test the bench itself`;

/** Measures part after part. Null: Ctrl-C. */
async function measureAll(parts: typeof figures, bench: Bench): Promise<Figure[] | null> {
  const table: Figure[] = [];
  for (const { letter, about, measure } of parts) {
    bench.say(`${letter}) ${about}`);
    try {
      const say = (line: string) => bench.say(`   ${line}`);
      table.push(...(await measure({ ...bench, say })));
    } catch (error) {
      if (!bench.signal.aborted) throw error;
      return null;
    }
  }
  return table;
}

async function main({ signal, say }: Entry): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.isHelp) {
    say(help);
    return 0;
  }
  const { isQuick } = options;
  const loads = () => loadavg().map((load) => digits(load, 1))[0] ?? '';
  const loadBefore = loads();
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1_000);
  const tell = (line: string) => void process.stderr.write(`${String(seconds())} s  ${line}\n`);
  const notes: string[] = [];
  const note = (sentence: string) => void notes.push(sentence);
  const table = await measureAll(chosen(figures, options.only), {
    signal,
    isQuick,
    say: tell,
    note,
  });
  if (table === null) {
    say('Stopped.');
    return 130;
  }
  const size = isQuick ? 'quick, do not quote' : 'full size';
  const load = `load average ${loadBefore} before, ${loads()} after`;
  say(
    `\nNode ${process.versions.node}, ${cpus().length} cores, ${size}, ${seconds()} s, ${load}\n`,
  );
  printTable(table).forEach(say);
  const sentences = [...missedInWords(table), ...notes];
  if (sentences.length > 0) say(`\n${sentences.join('\n')}`);
  return 0;
}

runEntry(main);
