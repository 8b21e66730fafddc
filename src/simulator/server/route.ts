import type { IncomingHttpHeaders } from 'node:http';
import type { Effect } from '../organization/effect';
import type { Distortion } from '../state/faults';
import type { Simulator } from '../state/simulator';
import type { Token } from '../state/tokens';

/** One call that passed authentication. */
export interface Call {
  simulator: Simulator;
  /** Path parameters by name. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** `http://host:port`, as the caller addressed us. */
  origin: string;
  path: string;
  body: unknown;
  /** Null on routes without authentication. */
  token: Token | null;
  replica: number;
  now: number;
  distortion: Distortion;
}

/** What a handler answers, and what the call changes: effects are carried out by the server. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  effects?: Effect[];
  /** Whom a write was about. */
  personId?: string;
  /** The body, where it can only be made once the effects are in place. */
  bodyAfter?: () => unknown;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/v1/people/{personId}`; segments match without regard to case. */
  path: string;
  /** Name in counters and log. */
  operation: string;
  /** Any one of these scopes is enough; null: no authentication. */
  scopes: readonly string[] | null;
  /** Hands out tokens: neither a read nor a write of the organization. */
  isToken?: boolean;
  /** SCIM words its errors in another way. */
  isScim?: boolean;
  handle(call: Call): Answer;
}

/** Whether calls of this route go to the log of writes. */
export function isWriting(route: Route): boolean {
  return route.method !== 'GET' && route.isToken !== true;
}
