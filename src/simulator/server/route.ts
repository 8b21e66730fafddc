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

/** A handler's answer, and the changes of the call: the server applies the effects. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  effects?: Effect[];
  /** The person that a write is about. */
  personId?: string;
  /** The body, if it can only be built after the effects are applied. */
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
  /** Issues tokens: neither a read nor a write of the organization. */
  isToken?: boolean;
  /** SCIM has error bodies of its own. */
  isScim?: boolean;
  handle(call: Call): Answer;
}

/** Whether calls of this route are recorded in the log of writes. */
export function isWriting(route: Route): boolean {
  return route.method !== 'GET' && route.isToken !== true;
}
