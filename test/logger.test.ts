import { DrizzleQueryError } from 'drizzle-orm';
import { createLogger } from '../src/logger';

describe('createLogger', () => {
  const lines: string[] = [];
  const logger = createLogger({
    name: 'test',
    level: 'info',
    destination: { write: (line) => void lines.push(line) },
  });
  beforeEach(() => lines.splice(0));

  it.each([
    [{ authorization: 'Bearer s3cret' }],
    [{ headers: { authorization: 'Bearer s3cret' } }],
    [{ req: { headers: { Authorization: 'Bearer s3cret' } } }],
    [{ credential: { accessToken: 's3cret', refresh_token: 's3cret', clientSecret: 's3cret' } }],
    [{ token: 's3cret' }],
  ])('cuts credentials out of %j', (entry) => {
    logger.info(entry, 'something happened');
    expect(lines.join('')).toContain('something happened');
    expect(lines.join('')).not.toContain('s3cret');
  });

  it('says of an error of the database neither statement nor data', () => {
    const secret = 'anne@example.com';
    const cause = Object.assign(new Error(`Key (email)=(${secret}) exists`), {
      severity: 'ERROR',
      code: '23505',
    });
    const failed = new DrizzleQueryError('insert into people', [secret], cause);
    logger.warn({ err: failed }, 'upkeep failed');
    logger.warn({ err: new Error('the check failed', { cause: failed }) }, 'upkeep failed');
    expect(lines.join('')).not.toMatch(/anne@|insert into/);
    expect(
      lines.map((line) => (JSON.parse(line) as { err: { message: string } }).err.message),
    ).toEqual([
      expect.stringMatching(/^The database refused a statement: the row exists already/),
      expect.stringMatching(/^the check failed: The database refused a statement/),
    ]);
  });

  it('writes one JSON line with name and ISO time', () => {
    logger.warn({ users: 3 }, 'careful');
    expect(JSON.parse(lines[0]!)).toMatchObject({
      name: 'test',
      users: 3,
      msg: 'careful',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });
});
