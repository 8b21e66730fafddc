/** Reads a CSV file, as its bytes arrive or whole, and sends how much memory that took at most. */
import { createReadStream, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { readRecords } from '../../src/api/csv/read-records';
import { keepHeapLean } from './keep-heap-lean';

export interface CsvRead {
  records: number;
  bytes: number;
}

const [file = '', way = ''] = process.argv.slice(2);

async function countRecords(): Promise<number> {
  if (way === 'whole') return parse(readFileSync(file)).length;
  let records = 0;
  for await (const some of readRecords(createReadStream(file))) {
    records += some.filter(({ cells }) => cells.length > 1).length;
  }
  return records;
}

const peakBytes = () => process.resourceUsage().maxRSS * 1_024;

async function main(): Promise<void> {
  keepHeapLean();
  const before = peakBytes();
  const records = await countRecords();
  const read: CsvRead = { records, bytes: peakBytes() - before };
  process.send?.(read);
}
void main();
