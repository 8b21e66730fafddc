import type { Express, NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import { findOrganization, type OrganizationRow } from '../../db/directory/find-directory';
import { toWebexId } from '../../domain/model/webex-id';
import { authenticate, requireRole } from './authenticate';
import type { ApiDeps } from './deps';
import type { Endpoint } from './endpoint';
import { faultsOf } from './zod-faults';
import { notFound, Problem } from './problem';
import { idempotencyKey } from './schema-parts';
import { bodyOf, bodyParser, refuseBody, requireJson, requireType } from './request-body';
import type { Caller } from '../../roles';
import { isUnstorable, unstorableFaults } from './unstorable-text';

const defaultBodyLimitBytes = 4 * 1024 * 1024;
const noQuery = z.strictObject({});

/** Routes for all endpoints, and a 405 with `Allow` for every other method on their addresses. */
export function registerEndpoints(app: Express, endpoints: readonly Endpoint[], deps: ApiDeps) {
  const parseBody = bodyParser(deps.bodyLimitBytes ?? defaultBodyLimitBytes);
  const methods = new Map<string, string[]>();
  for (const endpoint of endpoints) {
    const route = endpoint.path.replace(/\{(\w+)\}/g, ':$1');
    methods.set(route, [...(methods.get(route) ?? []), endpoint.method]);
    const parse = endpoint.body ? parseBody : skip;
    app[endpoint.method](
      route,
      (request, response, next) => {
        response.locals.route = endpoint.path;
        response.locals.caller = callerOf(endpoint, request, deps);
        if (endpoint.stream) requireType(request, endpoint.stream.contentType);
        else if (endpoint.body) requireJson(request);
        else refuseBody(request);
        next();
      },
      parse,
      (request, response) => serve(endpoint, deps, request, response),
    );
  }
  for (const [route, allowed] of methods) app.all(route, refuseMethod(allowed));
}

async function serve(endpoint: Endpoint, deps: ApiDeps, request: Request, response: Response) {
  const params = { ...request.params } as Record<string, string>;
  if (Object.values(params).some(isUnstorable)) throw notFound('such address');
  const organization = await organizationOf(params.orgId, deps);
  const query = parseQuery(endpoint, request);
  const body = endpoint.body ? parseJson(endpoint, bodyOf(request, response)) : undefined;
  const reply = await endpoint.handle({
    deps,
    caller: response.locals.caller as Caller,
    organization: organization as never,
    params: params,
    query: query as never,
    body: body as never,
    idempotencyKey: idempotencyKeyOf(endpoint, request),
    request,
    response,
  });
  if (!reply) return;
  response.status(reply.status).set(reply.headers ?? {});
  if (reply.body === undefined) response.end();
  else response.json(reply.body);
}

function callerOf(endpoint: Endpoint, request: Request, deps: ApiDeps): Caller {
  if (endpoint.role === null) return { name: 'nobody', role: 'viewer' };
  const caller = authenticate(request, deps.tokens);
  requireRole(caller, endpoint.role);
  return caller;
}

async function organizationOf(
  given: string | undefined,
  deps: ApiDeps,
): Promise<OrganizationRow | null> {
  if (given === undefined) return null;
  const orgId = toWebexId('organization', given, '');
  const row = orgId === undefined ? undefined : await findOrganization(deps.db, { orgId });
  if (!row) throw notFound('organization with this id');
  return row;
}

function parseQuery(endpoint: Endpoint, request: Request): unknown {
  const schema = endpoint.query ?? noQuery;
  const parsed = schema.safeParse(request.query);
  const errors = parsed.success
    ? unstorableFaults(parsed.data, 'query')
    : faultsOf(parsed.error, request.query, 'query');
  if (errors.length === 0) return parsed.data;
  throw new Problem('invalid-parameter', 'One or more query parameters are wrong.', { errors });
}

function parseJson(endpoint: Endpoint, given: unknown): unknown {
  const input = given === undefined && endpoint.bodyOptional ? {} : given;
  const parsed = (endpoint.body ?? z.undefined()).safeParse(input);
  const errors = parsed.success
    ? unstorableFaults(parsed.data, 'body')
    : faultsOf(parsed.error, input, 'body');
  if (errors.length === 0) return parsed.data;
  throw new Problem('invalid-request', 'The body has faults: each is listed.', { errors });
}

function idempotencyKeyOf(endpoint: Endpoint, request: Request): string | null {
  const key = endpoint.idempotencyKey ? request.get('Idempotency-Key') : undefined;
  if (key === undefined) return null;
  if (idempotencyKey.safeParse(key).success) return key;
  throw new Problem('invalid-parameter', 'The Idempotency-Key is malformed.', {
    errors: [
      {
        parameter: 'Idempotency-Key',
        code: 'invalid-format',
        detail: 'A key has 1 to 128 printable ASCII characters and no spaces.',
      },
    ],
  });
}

/** A 405 that says what an address takes. */
export function refuseMethod(allowed: string[]) {
  const names = allowed.map((method) => method.toUpperCase());
  const allow = [...names, ...(names.includes('GET') ? ['HEAD'] : [])].join(', ');
  return () => {
    throw new Problem('method-not-allowed', `This address takes ${allow}.`, {
      headers: { Allow: allow },
    });
  };
}

function skip(_request: Request, _response: Response, next: NextFunction): void {
  next();
}
