import type { z } from 'zod';
import type { Role } from '../../roles';
import type { Exchange, ParamNames, RawExchange, Reply } from './exchange';
import type { ProblemCode } from './problem';
import { readExchange, type ExchangeSpec } from './read-exchange';

export interface ReplySpec {
  description: string;
  /** Absent: no body, or not JSON (`contentType` names the type). */
  schema?: z.ZodType;
  contentType?: string;
  headers?: Record<string, string>;
}

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface EndpointSpec<
  Path extends string,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Access extends Role | null,
> extends ExchangeSpec<Query, Body, Access> {
  method: Method;
  path: Path;
  tag: string;
  summary: string;
  description?: string;
  replies: Record<number, ReplySpec>;
  /** Problems in addition to those that every endpoint has. */
  problems?: readonly ProblemCode[];
  /** Returns the answer, or writes it to `response` and returns null. */
  handle(
    exchange: Exchange<ParamNames<Path>, z.output<Query>, z.output<Body>, Access>,
  ): Promise<Reply | null>;
}

/** An endpoint without its type parameters: what the app and the OpenAPI document use. */
export type Endpoint = Omit<EndpointSpec<string, z.ZodObject, z.ZodType, Role | null>, 'handle'> & {
  /** Reads a request and handles it. */
  serve(raw: RawExchange): Promise<Reply | null>;
};

/**
 * One endpoint, defined once: its route, role, validation, OpenAPI and 405s come from this.
 * `handle` sees only what the schemas have parsed.
 */
export function defineEndpoint<
  const Path extends string,
  Access extends Role | null,
  Query extends z.ZodObject = z.ZodObject<Record<string, never>>,
  Body extends z.ZodType = z.ZodUndefined,
>(spec: EndpointSpec<Path, Query, Body, Access>): Endpoint {
  return { ...spec, serve: async (raw) => spec.handle(await readExchange(spec, raw)) };
}
