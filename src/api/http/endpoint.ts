import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { OrganizationRow } from '../../db/directory/find-directory';
import type { ApiDeps } from './deps';
import type { ProblemCode } from './problem';
import type { Caller, Role } from '../../roles';

type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One request after authentication, validation and look-up of its organization. `Names`: of its path parameters. */
export interface Exchange<Names extends string, Query, Body> {
  deps: ApiDeps;
  /** Endpoints without a role have none: `nobody`. */
  caller: Caller;
  organization: 'orgId' extends Names ? OrganizationRow : null;
  params: Record<Exclude<Names, 'orgId'>, string>;
  query: Query;
  body: Body;
  /** `Idempotency-Key`, where the endpoint takes one and the caller sent one. */
  idempotencyKey: string | null;
  request: Request;
  response: Response;
}

export interface ReplySpec {
  description: string;
  /** Absent: no body, or not JSON (`contentType` says what). */
  schema?: z.ZodType;
  contentType?: string;
  headers?: Record<string, string>;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface EndpointSpec<Path extends string, Query extends z.ZodObject, Body extends z.ZodType> {
  method: Method;
  path: Path;
  tag: string;
  /** Null: open to everybody. */
  role: Role | null;
  summary: string;
  description?: string;
  query?: Query;
  body?: Body;
  /** The body may be left out: it is `{}` then. */
  bodyOptional?: boolean;
  /** The body is read by `handle` as it arrives, and isn't JSON. */
  stream?: { contentType: string; description: string };
  idempotencyKey?: boolean;
  replies: Record<number, ReplySpec>;
  /** Problems beside those that every endpoint has. */
  problems?: readonly ProblemCode[];
  /** Answers, or writes to `response` by itself and returns null. */
  handle(
    exchange: Exchange<ParamNames<Path>, z.output<Query>, z.output<Body>>,
  ): Promise<Reply | null>;
}

/** An endpoint without its type parameters: what the app and the OpenAPI document go through. */
export type Endpoint = Omit<EndpointSpec<string, z.ZodObject, z.ZodType>, 'handle'> & {
  handle(exchange: Exchange<string, never, never>): Promise<Reply | null>;
};

/**
 * One endpoint, said once: its route, role, validation, OpenAPI and 405s come from this.
 * Registration parses query and body with the schemas before `handle` sees them.
 */
export function defineEndpoint<
  const Path extends string,
  Query extends z.ZodObject = z.ZodObject<Record<string, never>>,
  Body extends z.ZodType = z.ZodUndefined,
>(spec: EndpointSpec<Path, Query, Body>): Endpoint {
  return spec as unknown as Endpoint;
}
