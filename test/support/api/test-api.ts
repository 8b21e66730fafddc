import { randomBytes } from 'node:crypto';
import type { Express } from 'express';
import request, { type Response } from 'supertest';
import { createApp } from '../../../src/api/create-app';
import type { AppDeps } from '../../../src/api/http/deps';
import { openApiOf } from '../../../src/api/document/openapi';
import { endpoints } from '../../../src/api/endpoints';
import type { Role } from '../../../src/roles';
import { hashToken } from '../../../src/api/http/callers/tokens';
import { createLogger } from '../../../src/logger';
import { createTestDatabase, type TestDatabase } from '../database';
import { answersOf } from './answers-of-document';
import { createFakeJobs, type FakeJobs } from './fake-jobs';
import { orgId } from './seed';

export const tokens: Record<Role, string> = {
  viewer: 'viewer-token',
  operator: 'operator-token',
  approver: 'approver-token',
  admin: 'admin-token',
};

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An app on a database of its own with the jobs port in memory; every answer is checked against the document. */
export interface TestApi {
  app: Express;
  database: TestDatabase;
  jobs: FakeJobs;
  /** `path` is taken below the organization unless it begins with `/`. */
  call(
    method: Method,
    path: string,
    options?: { as?: Role | null; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>;
  stop(): Promise<void>;
}

export async function startTestApi(given: Partial<AppDeps> = {}): Promise<TestApi> {
  const database = await createTestDatabase({ writableMirror: true });
  const jobs = createFakeJobs();
  const deps: AppDeps = {
    db: database.db,
    jobs,
    tokens: new Map(
      (Object.keys(tokens) as Role[]).map((role) => [
        hashToken(tokens[role]),
        { name: `${role}-${randomBytes(2).toString('hex')}`, role },
      ]),
    ),
    logger: createLogger({ name: 'test', level: 'silent' }),
    defaults: { writesPerSecond: 5 },
    version: '0.0.0-test',
    isLocal: true,
    ...given,
  };
  const app = createApp(deps);
  const zodFaults = answersOf(openApiOf(endpoints, '0') as never);
  return {
    app,
    database,
    jobs,
    async call(method, path, { as = 'admin', body, headers = {} } = {}) {
      const address = path.startsWith('/') ? path : `/v1/organizations/${orgId}/${path}`;
      const sent = request(app)[method](address).set(headers);
      if (as !== null) sent.set('Authorization', `Bearer ${tokens[as]}`);
      const response = await (body === undefined ? sent : sent.send(body as object));
      const faults = zodFaults({
        method: method.toUpperCase(),
        path: new URL(address, 'http://x').pathname,
        status: response.status,
        contentType: response.get('Content-Type') ?? '',
        body: response.body,
      });
      expect(faults).toEqual([]);
      return response;
    },
    stop: () => database.drop(),
  };
}

/** One member of every item of a list. */
export function column(list: unknown, field: string): unknown[] {
  return (list as Record<string, unknown>[]).map((one) => one[field]);
}
