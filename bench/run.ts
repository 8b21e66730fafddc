/** `npm run bench`: what Seatwise costs, each figure next to its peer from the same run. */
import { cpus, loadavg } from 'node:os';
import { runEntry, type Entry } from '../src/bin/run-entry';
import type { Bench, Figure, Measure } from './figure';
import { figures } from './figures';
import { digits } from './numbers';
import { chosen, readOptions, type BenchOptions } from './options';
import { missedInWords, printTable } from './print-table';
import { measureScale, scaleSteps } from './scale';

const listed = (all: readonly { letter: string; about: string }[]) =>
  all.map(({ letter, about }) => `${letter} ${about}`).join(', ');

const help = `Usage: npm run bench -- [--scale] [--only a,c] [--quick]

Starts its own Temporal dev server, PostgreSQL and simulated Webex on loopback, and measures on them.

  --scale      the figures of 1,000,000 users instead of the others, in at most 25 minutes
  --only LIST  only these figures: ${listed(figures)};
               with --scale: ${listed(scaleSteps)}
  --quick      smaller numbers and shorter windows, to test the bench itself`;

interface Part {
  letter: string;
  about: string;
  measure: Measure;
}

/** All steps of the scale share one world, so they are one part. */
function partsOf({ isScale, only }: BenchOptions): Part[] {
  if (!isScale) return chosen(figures, only);
  const letters = chosen(scaleSteps, only).map(({ letter }) => letter);
  const measure: Measure = (bench) => measureScale(bench, letters);
  return [{ letter: letters.join(''), about: 'one large organization', measure }];
}

/** Measures part after part. Null: Ctrl-C. */
async function measureAll(parts: readonly Part[], bench: Bench): Promise<Figure[] | null> {
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
  const table = await measureAll(partsOf(options), { signal, isQuick, say: tell, note });
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
