import type { Request, Response } from 'express';
import type { OrganizationRow } from '../../db/directory/find-directory';
import type { Caller, Role } from '../../roles';
import type { ApiDeps } from './deps';
import type { RequireMatch } from './entity-tag';

/** `'orgId' | 'groupId'` of `/organizations/{orgId}/groups/{groupId}`. */
export type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

export type CallerOf<Access extends Role | null> = Access extends null ? null : Caller;
export type OrganizationOf<Names extends string> = 'orgId' extends Names ? OrganizationRow : null;
export type ParamsOf<Names extends string> = Record<Exclude<Names, 'orgId'>, string>;

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * One request after authentication, validation and the lookup of its organization. `Names`: of its
 * path parameters. `Access`: the role that its endpoint requires.
 */
export interface Exchange<
  Names extends string,
  Query,
  Body,
  Access extends Role | null = Role,
> extends RawExchange {
  /** Null if the endpoint needs no role. */
  caller: CallerOf<Access>;
  organization: OrganizationOf<Names>;
  params: ParamsOf<Names>;
  query: Query;
  body: Body;
  /** Compares with `If-Match`, if the endpoint supports it and the caller sent it. */
  requireMatch: RequireMatch;
  /** `Idempotency-Key`, if the endpoint supports one and the caller sent one. */
  idempotencyKey: string | null;
}

/** One request before anything of it was read. */
export interface RawExchange {
  deps: ApiDeps;
  request: Request;
  response: Response;
}
