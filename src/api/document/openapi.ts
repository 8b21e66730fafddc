import {
  OpenApiGeneratorV31,
  OpenAPIRegistry,
  type ResponseConfig,
  type RouteConfig,
} from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { at } from '../../domain/model/at';
import type { Endpoint } from '../http/endpoint';
import { problemCodes, type ProblemCode } from '../http/problem';
import { bodyLimitBytes } from '../http/body/request-body';
import { ifMatchHeader } from '../http/entity-tag';
import { idempotencyKey, problem } from '../http/parameters/schema-parts';

/** The OpenAPI 3.1 document of these endpoints: generated from their definitions. */
export function openApiOf(endpoints: readonly Endpoint[], version: string) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token with a role: viewer, operator, approver or admin. Each role includes the ones before it.',
  });
  for (const endpoint of endpoints) registry.registerPath(routeOf(endpoint));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Seatwise',
      version,
      description:
        'License templates for a Webex organization, reconciled safely and at scale. Ids are accepted as Webex writes them and as raw UUIDs.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
  });
  sayWhatTextMayHave(document);
  return document;
}

/** Text that callers send has a limit, and never U+0000, which the database can't store. */
function sayWhatTextMayHave(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const schema = node as Record<string, unknown>;
  const isText = schema.type === 'string' && typeof schema.maxLength === 'number';
  if (isText && schema.pattern === undefined) schema.pattern = String.raw`^[^\u0000]*$`;
  for (const inner of Object.values(schema)) sayWhatTextMayHave(inner);
}

function routeOf(endpoint: Endpoint): RouteConfig {
  const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => at(match, 1));
  const role = endpoint.role && `Role: ${endpoint.role}.`;
  return {
    method: endpoint.method,
    path: endpoint.path,
    operationId: operationId(endpoint),
    tags: [endpoint.tag],
    summary: endpoint.summary,
    description: [endpoint.description, role].filter(Boolean).join('\n\n'),
    ...(endpoint.role === null ? {} : { security: [{ token: [] }] }),
    request: {
      params: z.object(Object.fromEntries(names.map((name) => [name, pathParameter(name)]))),
      ...(endpoint.query ? { query: endpoint.query } : {}),
      ...headersOf(endpoint),
      ...(endpoint.body
        ? {
            body: {
              required: !endpoint.bodyOptional,
              description: `At most ${(endpoint.limitBytes ?? bodyLimitBytes) / 1_024} KiB`,
              content: { 'application/json': { schema: endpoint.body } },
            },
          }
        : {}),
      ...(endpoint.stream
        ? {
            body: {
              required: true,
              description: endpoint.stream.description,
              content: { [endpoint.stream.contentType]: { schema: z.string() } },
            },
          }
        : {}),
    },
    responses: { ...repliesOf(endpoint), ...notModifiedOf(endpoint), ...problemsOf(endpoint) },
  };
}

/** Reads that are answered whole have an `ETag`, and can be asked for only if they have changed. */
function isConditional({ method, replies }: Endpoint): boolean {
  const whole = replies[200];
  return method === 'get' && (whole?.schema !== undefined || whole?.contentType === 'text/plain');
}

function notModifiedOf(endpoint: Endpoint): Record<string, ResponseConfig> {
  if (!isConditional(endpoint)) return {};
  return { 304: { description: 'The answer is still the one of `If-None-Match`' } };
}

const ifNoneMatch = z.string().meta({ description: '`ETag` of an earlier answer' });

function headersOf(endpoint: Endpoint): RouteConfig['request'] {
  const { idempotencyKey: isKeyed, ifMatch } = endpoint;
  const isRead = isConditional(endpoint);
  if (!isKeyed && !ifMatch && !isRead) return {};
  return {
    headers: z.object({
      ...(isRead ? { 'If-None-Match': ifNoneMatch.optional() } : {}),
      ...(isKeyed ? { 'Idempotency-Key': idempotencyKey.optional() } : {}),
      ...(ifMatch ? { 'If-Match': ifMatchHeader.optional() } : {}),
    }),
  };
}

const pathParameters: Readonly<Record<string, string>> = {
  orgId: 'Id of the organization, as Webex writes it or as a raw UUID',
  groupId:
    'Id of the group, as Webex writes it or as a raw UUID, or its display name if it is unique',
  userId: 'Id of the user, as Webex writes it or as a raw UUID, or an e-mail address',
  rolloutId: 'Address of the rollout',
  importId: 'Address of the import',
};

function pathParameter(name: string) {
  const id = z.string().max(1_000);
  return id.meta({ description: pathParameters[name] ?? '' });
}

function operationId({ method, path }: Endpoint): string {
  const words = path.replace(/^\/(v1\/organizations\/\{orgId\}\/)?/, '').match(/\w+/g) ?? [];
  return [method, ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function repliesOf(endpoint: Endpoint): Record<string, ResponseConfig> {
  return Object.fromEntries(
    Object.entries(endpoint.replies).map(([status, { description, ...reply }]) => [
      status,
      {
        description,
        ...(reply.headers
          ? {
              headers: z.object(
                Object.fromEntries(
                  Object.entries(reply.headers).map(([name, what]) => [
                    name,
                    z.string().meta({ description: what }),
                  ]),
                ),
              ),
            }
          : {}),
        ...(reply.schema ? { content: { 'application/json': { schema: reply.schema } } } : {}),
        ...(reply.contentType ? { content: { [reply.contentType]: { schema: z.string() } } } : {}),
      },
    ]),
  );
}

/** Problems by status: those of every endpoint of its kind, and its own. */
function problemsOf(endpoint: Endpoint): Record<string, ResponseConfig> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codesOf(endpoint)) {
    const [status] = problemCodes[code];
    if (!(status in endpoint.replies))
      byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: `Problem: ${list.join(', ')}`,
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

function codesOf({ role, path, body, stream, ifMatch, problems }: Endpoint): Set<ProblemCode> {
  return new Set<ProblemCode>([
    'invalid-parameter',
    'internal',
    ...(role === null ? [] : (['unauthenticated', 'forbidden', 'database-unavailable'] as const)),
    ...(path.includes('{') ? (['not-found'] as const) : []),
    ...(ifMatch ? (['precondition-failed'] as const) : []),
    ...bodyCodes({ hasBody: body !== undefined, isStream: stream !== undefined }),
    ...(problems ?? []),
  ]);
}

function bodyCodes({ hasBody, isStream }: { hasBody: boolean; isStream: boolean }): ProblemCode[] {
  if (isStream) return ['payload-too-large', 'unsupported-media-type', 'too-many-requests'];
  if (!hasBody) return ['unexpected-body'];
  return ['malformed-json', 'payload-too-large', 'unsupported-media-type', 'invalid-request'];
}
