import { openDatabase } from '../../../src/db/connect';
import { createLogger } from '../../../src/logger';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { orgId } from '../../support/api/seed';

interface Line {
  level: number;
  msg: string;
  requestId?: string;
  req?: { id: string };
  err?: { message: string };
}

const info = 30;
const error = 50;

describe('requests that fail in one outage', () => {
  const lines: Line[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  const logger = createLogger({ name: 'test', level: 'info', destination });
  let api: TestApi;
  beforeEach(() => lines.splice(0));
  afterEach(() => api.stop());

  const failed = async (status: number) => {
    const answer = await api.call('get', `/v1/organizations/${orgId}`);
    expect(answer.status).toBe(status);
    return (answer.body as { requestId?: string }).requestId;
  };

  it('are one line, and not one each', async () => {
    const db = openDatabase('postgres://nobody@127.0.0.1:1/none');
    api = await startTestApi({ db, logger });
    for (let n = 0; n < 20; n += 1) await failed(503);
    expect(lines).toMatchObject([
      {
        level: error,
        msg: 'a request failed: database-unavailable',
        requestId: expect.any(String),
        err: { message: expect.any(String) },
      },
    ]);
    await db.$client.end();
  });

  it('can be found by their ids where they fail unexpectedly: only the error is told once', async () => {
    const db = openDatabase('postgres://nobody@127.0.0.1:1/none');
    jest.spyOn(db.$client, 'query').mockImplementation(() => {
      throw new Error('a fault of ours');
    });
    api = await startTestApi({ db, logger });
    const ids: unknown[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await failed(500));
    expect(lines.filter(({ level }) => level === error)).toMatchObject([
      { msg: 'a request failed unexpectedly', requestId: ids[0] },
    ]);
    const told = lines.filter(({ level }) => level === info);
    expect(told.map(({ req }) => req?.id)).toEqual(ids);
    await db.$client.end();
  });
});
