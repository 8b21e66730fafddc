import request from 'supertest';
import { openApiOf } from '../../../src/api/document/openapi';
import { endpoints } from '../../../src/api/endpoints';
import { startTestApi, type TestApi } from '../../support/api/test-api';
import { orgId, seedDirectory, seedRollout } from '../../support/api/seed';

let api: TestApi;
let rolloutId: string;
beforeAll(async () => {
  api = await startTestApi();
  await seedDirectory(api.database.db);
  rolloutId = await seedRollout(api.database.db);
});
afterAll(() => api.stop());
beforeEach(() => api.jobs.reset());

describe('documents', () => {
  it('serves an OpenAPI 3.1 document with every endpoint and its role', async () => {
    const answer = await request(api.app).get('/openapi.json');
    expect(answer.body.openapi).toBe('3.1.0');
    const start = answer.body.paths['/v1/organizations/{orgId}/rollouts/{rolloutId}/start'].post;
    expect(start.security).toEqual([{ token: [] }]);
    expect(Object.keys(start.responses as object)).toEqual(
      expect.arrayContaining(['200', '202', '401', '403', '404', '409', '413', '415', '422']),
    );
    expect(start.description).toContain('Role: operator');
    const ids = Object.values(answer.body.paths as Record<string, Record<string, object>>)
      .flatMap((path) => Object.values(path))
      .map((operation) => (operation as { operationId: string }).operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('serves the docs page, and everything it loads, from here', async () => {
    const page = await request(api.app).get('/docs');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/https?:\/\//);
    const loaded = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(loaded).toHaveLength(4);
    for (const path of loaded) {
      const asset = await request(api.app).get(path);
      expect([path, asset.status]).toEqual([path, 200]);
    }
    expect(page.get('Content-Security-Policy')).toContain("default-src 'self'");
  });

  it('serves no other file of the docs page’s package', async () => {
    const answer = await request(api.app).get('/docs/package.json');
    expect(answer.status).toBe(404);
  });
});

describe('health', () => {
  it('is alive, and ready while database and Temporal answer', async () => {
    expect((await api.call('get', '/livez', { as: null })).body.status).toBe('ok');
    const ready = await api.call('get', '/readyz', { as: null });
    expect([ready.status, ready.body]).toEqual([
      200,
      { status: 'ok', database: 'ok', temporal: 'ok' },
    ]);
  });

  it('is not ready while Temporal is away', async () => {
    api.jobs.isAway = true;
    const ready = await api.call('get', '/readyz', { as: null });
    expect([ready.status, ready.body.temporal]).toEqual([503, 'unreachable']);
  });

  it('counts requests by endpoint and rollouts by phase', async () => {
    await api.call('get', 'templates');
    const metrics = await api.call('get', '/metrics', { as: null });
    expect(metrics.text).toMatch(
      /seatwise_http_request_duration_seconds_count\{method="GET",route="\/v1\/organizations\/\{orgId\}\/templates",status="200"\} 1/,
    );
    expect(metrics.text).toContain('seatwise_rollouts{phase="planned"} 1');
  });

  it('keeps metrics behind a token where it listens to others', async () => {
    const open = await startTestApi({ isLocal: false });
    expect((await open.call('get', '/metrics', { as: null })).status).toBe(401);
    expect((await open.call('get', '/metrics', { as: 'viewer' })).status).toBe(200);
    await open.stop();
  });
});

// Last: it counts in the metrics above.
describe('the document', () => {
  it('knows every status that a read answers, 304 included', async () => {
    const { paths } = openApiOf(endpoints, '0') as unknown as {
      paths: Record<string, { get?: { responses: object } }>;
    };
    const params: Record<string, string> = { orgId, rolloutId, userId: 'ada@acme.example' };
    let conditional = 0;
    for (const [path, { get }] of Object.entries(paths)) {
      const address = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'none');
      if (!get || path.endsWith('/events')) continue;
      // Each answer is checked against the document.
      const first = await api.call('get', address);
      const tag = first.get('ETag');
      if (first.status !== 200 || tag === undefined) continue;
      const again = await api.call('get', address, { headers: { 'If-None-Match': tag } });
      if (again.status !== 200) conditional += 1;
      // Clocks and counters are in some answers: 304 is documented there all the same.
      expect([path, [200, 304].includes(again.status), 304 in get.responses]).toEqual([
        path,
        true,
        true,
      ]);
    }
    expect(conditional).toBeGreaterThan(10);
  });
});
