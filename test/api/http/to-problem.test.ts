import { Problem, problemCodes } from '../../../src/api/http/problem';
import { toProblem, violates } from '../../../src/api/http/to-problem';

const withProperties = (message: string, properties: object) =>
  Object.assign(new Error(message), properties);

describe('what a thrown thing means', () => {
  it.each<[string, unknown, string]>([
    ['a refused connection', withProperties('x', { code: 'ECONNREFUSED' }), 'database-unavailable'],
    [
      'one under a wrapper',
      new Error('Failed query', { cause: withProperties('x', { code: 'ECONNRESET' }) }),
      'database-unavailable',
    ],
    [
      'several addresses refused',
      withProperties('', {
        cause: new AggregateError([withProperties('x', { code: 'ECONNREFUSED' })]),
      }),
      'database-unavailable',
    ],
    ['a server that shuts down', withProperties('x', { code: '57P01' }), 'database-unavailable'],
    ['a server that is full', withProperties('x', { code: '53300' }), 'database-unavailable'],
    [
      'a pool that waited too long',
      new Error('timeout exceeded when trying to connect'),
      'database-unavailable',
    ],
    [
      'a connection that ended',
      new Error('Connection terminated unexpectedly'),
      'database-unavailable',
    ],
    [
      'a body over the limit',
      withProperties('x', { type: 'entity.too.large', limit: 5 }),
      'payload-too-large',
    ],
    [
      'another charset',
      withProperties('x', { type: 'encoding.unsupported' }),
      'unsupported-media-type',
    ],
    ['a malformed address', new URIError('x'), 'not-found'],
  ])('%s is told to the caller', (_what, error, code) => {
    expect(toProblem(error)?.code).toBe(code);
  });

  it.each([new TypeError('x is undefined'), withProperties('x', { code: '23505' }), 'text', null])(
    'a bug is told to nobody: %s',
    (error) => expect(toProblem(error)).toBeUndefined(),
  );

  it('knows a unique violation by its constraint, however deep it is wrapped', () => {
    const pg = withProperties('x', { code: '23505', constraint: 'rollout_one_writing' });
    const wrapped = new Error('Failed query', { cause: pg });
    expect(violates(wrapped, 'rollout_one_writing')).toBe(true);
    expect(violates(wrapped, 'another')).toBe(false);
  });
});

describe('problem details', () => {
  it('carry status, code and every fault (RFC 9457)', () => {
    const errors = [{ pointer: '/a', code: 'required', detail: 'x' }];
    const json = new Problem('invalid-request', 'Two faults.', { errors }).toJson('/v1/x');
    expect(json).toEqual({
      type: 'urn:seatwise:problem:invalid-request',
      title: problemCodes['invalid-request'][1],
      status: 422,
      code: 'invalid-request',
      detail: 'Two faults.',
      instance: '/v1/x',
      errors,
    });
  });
});
