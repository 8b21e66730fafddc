import type { Request } from 'express';
import { z } from 'zod';
import { findOrganization, type OrganizationRow } from '../../db/directory/find-directory';
import { toWebexId } from '../../domain/model/webex-id';
import type { Role } from '../../roles';
import { authenticate } from './callers/authenticate';
import type { ApiDeps } from './deps';
import { requireMatchOf } from './entity-tag';
import type {
  CallerOf,
  Exchange,
  OrganizationOf,
  ParamNames,
  ParamsOf,
  RawExchange,
} from './exchange';
import { notFound, Problem, type Fault } from './problem';
import { type JsonBody, readJson, refuseBody, requireJson, requireType } from './body/request-body';
import { idempotencyKey } from './parameters/schema-parts';
import { isUnstorableText, unstorableFaults } from './body/unstorable-text';
import { countZodFaults, zodFaults } from './zod-faults';

const noQuery = z.strictObject({});

/** What an endpoint reads of a request. */
export interface ExchangeSpec<
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Access extends Role | null,
> {
  /** Null: open to everybody. */
  role: Access;
  query?: Query;
  body?: Body;
  /** The body may be left out: it is `{}` then. */
  bodyOptional?: boolean;
  /** The most bytes of the body; by default what suffices for bodies without long lists. */
  limitBytes?: number;
  /** The body is read by `handle` as it arrives, and isn't JSON. */
  stream?: { contentType: string; description: string };
  idempotencyKey?: boolean;
  /** `If-Match` is compared by `handle`. */
  ifMatch?: boolean;
}

/**
 * Authenticates a request and reads it with the schemas of its endpoint. The casts name the types that
 * the specification has: TypeScript can't resolve a conditional type of a type parameter.
 */
export async function readExchange<
  const Path extends string,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Access extends Role | null,
>(
  spec: ExchangeSpec<Query, Body, Access> & { path: Path },
  raw: RawExchange,
): Promise<Exchange<ParamNames<Path>, z.output<Query>, z.output<Body>, Access>> {
  const { deps, request, response } = raw;
  // A security decision: nothing is read before the caller is known and may call, and an organization
  // that isn't there is a 404 before anything is said about the query or about fields of the body.
  const caller = spec.role === null ? null : await authenticate(raw, spec.role);
  requireContentType(spec, request);
  const given = spec.body ? await readJson(raw, deps.bodyLimitBytes ?? spec.limitBytes) : undefined;
  const params = paramsOf(request);
  const organization = await organizationOf(params.orgId, deps);
  const query = parseQuery((spec.query ?? noQuery) as Query, request);
  const body = spec.body && given && (await parseBody(spec.body, given, spec.bodyOptional));
  return {
    deps,
    request,
    response,
    caller: caller as CallerOf<Access>,
    organization: organization as OrganizationOf<ParamNames<Path>>,
    params: params as ParamsOf<ParamNames<Path>>,
    query,
    body: body as z.output<Body>,
    requireMatch: spec.ifMatch ? requireMatchOf(request) : () => undefined,
    idempotencyKey: spec.idempotencyKey ? idempotencyKeyOf(request) : null,
  };
}

function requireContentType(
  { stream, body }: { stream?: { contentType: string }; body?: z.ZodType },
  request: Request,
): void {
  if (stream) requireType(request, stream.contentType);
  else if (body) requireJson(request);
  else refuseBody(request);
}

function paramsOf(request: Request): Record<string, string> {
  const params = { ...request.params } as Record<string, string>;
  if (Object.values(params).some(isUnstorableText)) throw notFound('resource at this address');
  return params;
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

function parseQuery<Query extends z.ZodObject>(schema: Query, request: Request): z.output<Query> {
  const parsed = schema.safeParse(request.query);
  const errors = parsed.success
    ? unstorableFaults(parsed.data, 'query')
    : zodFaults(parsed.error, request.query, 'query');
  if (parsed.success && errors.length === 0) return parsed.data;
  throw new Problem('invalid-parameter', 'One or more query parameters are invalid.', { errors });
}

function parseBody<Body extends z.ZodType>(
  schema: Body,
  { value, inTurn }: JsonBody,
  isOptional = false,
): Promise<z.output<Body>> {
  const given = value === undefined && isOptional ? {} : value;
  return inTurn(() => {
    const parsed = schema.safeParse(given);
    if (!parsed.success) {
      throw invalidBody(zodFaults(parsed.error, given, 'body'), countZodFaults(parsed.error));
    }
    const unstorable = unstorableFaults(parsed.data, 'body');
    if (unstorable.length > 0) throw invalidBody(unstorable, unstorable.length);
    return parsed.data;
  });
}

function invalidBody(errors: Fault[], total: number): Problem {
  const isWhole = errors.length === total;
  const shown = isWhole
    ? 'every fault is listed'
    : `the first ${errors.length} of ${total} faults are listed`;
  return new Problem('invalid-request', `The body is invalid: ${shown}.`, {
    errors,
    ...(isWhole ? {} : { members: { totalErrors: total } }),
  });
}

function idempotencyKeyOf(request: Request): string | null {
  const key = request.get('Idempotency-Key');
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
