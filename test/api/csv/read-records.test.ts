import { readRecords, UnreadableCsvError } from '../../../src/api/csv/read-records';
import type { CsvRecord } from '../../../src/domain/csv/read-row';

async function* inPieces(file: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += size) {
    yield await Promise.resolve(file.subarray(at, at + size));
  }
}

async function read(file: Buffer | string, size = 1_000) {
  const records: CsvRecord[] = [];
  try {
    for await (const some of readRecords(inPieces(Buffer.from(file), size))) records.push(...some);
  } catch (error) {
    if (!(error instanceof UnreadableCsvError)) throw error;
    return { records, line: error.line, code: error.code, message: error.message };
  }
  return { records };
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const long = 'User ID/Email (Required),Call on Webex\nada@acme.example,FALSE\n';

describe('the records of a file', () => {
  it.each<[string, Buffer]>([
    ['little-endian', utf16(long)],
    ['big-endian', utf16(long).swap16()],
    ['of one word', utf16('a,b')],
  ])('name UTF-16 without a mark as what it is: %s', async (_, file) => {
    expect(await read(file)).toEqual({
      records: [],
      line: 1,
      code: 'not-utf-8',
      message: 'The file is UTF-16 without a byte-order mark: save the file as "CSV UTF-8".',
    });
  });

  it('with a single U+0000 are UTF-8 all the same', async () => {
    const { records } = await read('user,b\na\u0000,c\n');
    expect(records).toMatchObject([{ cells: ['user', 'b'] }, { cells: ['a\u0000', 'c'] }]);
  });

  it.each([1, 7, 64, 100_000])(
    'end at the first bytes that are not UTF-8, in pieces of %i bytes',
    async (size) => {
      const file = Buffer.concat([Buffer.from(long), Buffer.from('b\n\xdf\nc\n', 'latin1')]);
      const { records, ...ended } = await read(file, size);
      expect(ended).toEqual({
        line: 4,
        code: 'not-utf-8',
        message: 'The bytes are not UTF-8: save the file as "CSV UTF-8".',
      });
      expect(records.map(({ line }) => line)).toEqual([1, 2, 3]);
    },
  );

  it('of half a character in UTF-16 name what the file says', async () => {
    const { message } = await read(Buffer.concat([utf16(`\ufeff${long}`), Buffer.from([0])]));
    expect(message).toBe(
      'The bytes are not UTF-16, as the file says: save the file as "CSV UTF-8".',
    );
  });

  it('let others have their turn while a large file is read', async () => {
    let turns = 0;
    const count = () => {
      turns += 1;
      timer = setImmediate(count);
    };
    let timer = setImmediate(count);
    const file = `a\n${'\n'.repeat(200_000)}`;
    const { records } = await read(file, file.length);
    clearImmediate(timer);
    expect(records).toHaveLength(200_001);
    expect(turns).toBeGreaterThan(20);
  });

  it('close the file if nobody reads them to the end', async () => {
    let isClosed = false;
    async function* bytes(): AsyncGenerator<Buffer> {
      try {
        yield await Promise.resolve(Buffer.from(long));
        yield await Promise.resolve(Buffer.from(long));
      } finally {
        isClosed = true;
      }
    }
    for await (const { length } of readRecords(bytes())) if (length > 0) break;
    expect(isClosed).toBe(true);
  });
});
