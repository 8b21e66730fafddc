import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeLine } from '../../src/domain/csv/write-line';
import type { Bench, Figure } from '../figure';
import { digits, mebibytes } from '../numbers';
import type { CsvRead } from '../processes/read-csv';
import { askProcess } from '../world/ask-process';

const goal = 0.5;
const licenseColumns = 60;

/** Memory to read a CSV file as it arrives, next to reading the same file whole. */
export async function csvMemory(bench: Bench): Promise<Figure[]> {
  const users = bench.isQuick ? 5_000 : 20_000;
  const folder = await mkdtemp(path.join(tmpdir(), 'seatwise-csv-'));
  try {
    const file = path.join(folder, 'users.csv');
    await writeFile(file, fileOf(users));
    const arriving = await read(bench, file, 'arriving');
    const whole = await read(bench, file, 'whole');
    const ratio = arriving / whole;
    return [
      {
        figure: `memory to read a CSV of ${digits(users, 0)} users`,
        measured: mebibytes(arriving),
        peer: `read whole: ${mebibytes(whole)}`,
        ratio: digits(ratio, 2),
        goal: `< ${goal} ×`,
        isMet: ratio < goal,
      },
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function fileOf(users: number): string {
  const names = Array.from({ length: licenseColumns }, (_, n) => `License ${n}`);
  const lines = Array.from({ length: users }, (_, n) =>
    writeLine([`user-${n}@acme.example`, `Somebody ${n}`, ...names.map(() => 'FALSE')]),
  );
  return writeLine(['User', 'Name', ...names]) + lines.join('');
}

async function read(
  { signal, say }: Bench,
  file: string,
  way: 'arriving' | 'whole',
): Promise<number> {
  say(`a CSV file read ${way}`);
  const { bytes } = await askProcess<CsvRead>('read-csv.ts', [file, way], signal);
  return bytes;
}
