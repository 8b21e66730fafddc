import { exchange, type ExchangeRequest, type Fetch } from '../../../src/webex/http/exchange';

const request: ExchangeRequest = {
  operation: 'GET /people',
  method: 'GET',
  url: 'http://127.0.0.1/v1/people',
  headers: {},
  body: null,
  timeoutMs: 20,
  signal: undefined,
  trackingId: 'SEATWISE_1',
  secrets: [],
  writes: false,
};

describe('exchange', () => {
  it.each<[string, Fetch]>([
    ['never answers', () => new Promise(() => undefined)],
    [
      'never ends its answer',
      () => Promise.resolve(new Response(new ReadableStream({ pull: () => undefined }))),
    ],
  ])('ends in time with a server that %s and ignores the abort', async (_, fetch) => {
    await expect(exchange(fetch, request)).rejects.toMatchObject({
      kind: 'unavailable',
      message: 'GET /people: no answer within 20 ms (SEATWISE_1)',
    });
  });

  it('ends when the caller aborts', async () => {
    const controller = new AbortController();
    const asked = exchange(() => new Promise(() => undefined), {
      ...request,
      timeoutMs: 60_000,
      signal: controller.signal,
    });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ kind: 'aborted' });
  });
});
