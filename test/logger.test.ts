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
