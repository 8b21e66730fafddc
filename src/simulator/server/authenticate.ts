import type { IncomingHttpHeaders } from 'node:http';
import type { Simulator } from '../state/simulator';
import type { Token } from '../state/tokens';
import { ApiError } from './api-error';
import type { Route } from './route';

/** The caller's token. Throws 401 without a valid one, and 403 without a scope that the route accepts. */
export function authenticate(
  simulator: Simulator,
  route: Route,
  headers: IncomingHttpHeaders,
): Token | null {
  if (route.scopes === null) return null;
  const value = /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
  const token = value === undefined ? undefined : simulator.tokens.find(value);
  if (!token || token.expiresAt <= simulator.clock.now()) {
    throw new ApiError(
      401,
      'The request requires a valid access token set in the Authorization request header.',
    );
  }
  if (route.scopes.length > 0 && !route.scopes.some((scope) => token.scopes.includes(scope))) {
    throw new ApiError(
      403,
      'The server understood the request, but refused to fulfill it because the access token is missing required scopes or the user is missing required roles or licenses.',
    );
  }
  return token;
}
