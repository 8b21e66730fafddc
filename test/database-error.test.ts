import { DrizzleQueryError } from 'drizzle-orm';
import { DatabaseError as PgError } from 'pg-protocol';
import { databaseError, plainMessage } from '../src/database-error';

const address = 'anne@example.com';

function refused(code: string, fields: Partial<PgError> = {}): PgError {
  const error = new PgError(`Key (email)=(${address}) already exists`, 10, 'error');
  return Object.assign(error, { severity: 'ERROR', code, detail: address, ...fields });
}

function query(cause: Error): DrizzleQueryError {
  return new DrizzleQueryError('insert into x values ($1)', [address], cause);
}

function refusedConnection(): Error {
  return Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
}

describe('databaseError', () => {
  it.each([
    [
      'a refused statement',
      refused('23505', { table: 'directory_user', constraint: 'directory_user_pkey' }),
      'The database refused a statement: the row exists already (23505, table directory_user, constraint directory_user_pkey)',
      false,
    ],
    [
      'one inside a query of Drizzle',
      query(refused('40P01')),
      'The database refused a statement: two transactions waited for each other (40P01)',
      true,
    ],
    [
      'an unknown code',
      query(refused('XX000')),
      'The database refused a statement: an error (XX000)',
      false,
    ],
    [
      'a connection that failed',
      query(refusedConnection()),
      'The database could not be reached (ECONNREFUSED)',
      true,
    ],
    [
      'a connection that failed at each address',
      query(new AggregateError([refusedConnection(), refusedConnection()])),
      'The database could not be reached (ECONNREFUSED)',
      true,
    ],
    [
      'a lost connection',
      query(new Error('Connection terminated unexpectedly')),
      'The database could not be reached',
      true,
    ],
  ])('says of %s no more than what and where', (_, error, message, isPassing) => {
    const translated = databaseError(error)!;
    expect(translated).toMatchObject({ name: 'DatabaseError', message, isPassing });
    expect(`${translated.stack}${JSON.stringify(translated)}`).not.toContain(address);
    expect(translated.stack).toMatch(/\n\s+at /);
    expect(translated.cause).toBeUndefined();
    expect(databaseError(translated)).toBe(translated);
  });

  it.each([new Error('else'), refusedConnection(), 'a text', null, undefined])(
    'leaves other errors alone: %s',
    (error) => {
      expect(databaseError(error)).toBeUndefined();
    },
  );
});

describe('plainMessage', () => {
  it('is the line of a database error, and the message of any other', () => {
    expect(plainMessage(query(refused('23502')))).toBe(
      'The database refused a statement: a value is missing (23502)',
    );
    expect(plainMessage(new Error('else'))).toBe('else');
    expect(plainMessage('a text')).toBe('a text');
  });
});
