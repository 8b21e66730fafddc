import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(__dirname, '../../src/db/migrations');
interface Entry {
  idx: number;
  when: number;
  tag: string;
}
const { entries } = JSON.parse(readFileSync(path.join(folder, 'meta/_journal.json'), 'utf8')) as {
  entries: Entry[];
};

describe('the journal of migrations', () => {
  it('numbers its entries from 0 without a gap', () => {
    expect(entries.map(({ idx }) => idx)).toEqual(entries.map((_, at) => at));
  });

  it('is strictly increasing in time: an entry older than an applied one would never be applied', () => {
    for (const [at, { when }] of entries.slice(1).entries()) {
      expect(when).toBeGreaterThan(entries[at]!.when);
    }
  });

  it('names each file with its number, and there is no other file', () => {
    const numberOf = (idx: number) => String(idx).padStart(4, '0');
    for (const { idx, tag } of entries) expect(tag.split('_')[0]).toBe(numberOf(idx));
    const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
    expect(files.sort()).toEqual(entries.map(({ tag }) => `${tag}.sql`));
  });

  it('has a snapshot of the last schema, from which the next migration is generated', () => {
    const last = String(entries.length - 1).padStart(4, '0');
    expect(existsSync(path.join(folder, `meta/${last}_snapshot.json`))).toBe(true);
  });
});
