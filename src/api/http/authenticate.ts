import type { Request } from 'express';
import { Problem } from './problem';
import { type Caller, includesRole, type Role } from '../../roles';
import { hashToken, type Tokens } from './tokens';

const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i;

/** The caller of a request. Tokens are compared by their hash, so that timing reveals nothing. */
export function authenticate(request: Request, tokens: Tokens): Caller {
  const header = request.headers.authorization;
  if (header === undefined) {
    throw new Problem('unauthenticated', 'Send "Authorization: Bearer <token>".', {
      headers: { 'WWW-Authenticate': 'Bearer realm="seatwise"' },
    });
  }
  const token = bearer.exec(header)?.[1];
  const caller = token === undefined ? undefined : tokens.get(hashToken(token));
  if (!caller) {
    throw new Problem('unauthenticated', 'The token is unknown.', {
      headers: { 'WWW-Authenticate': 'Bearer realm="seatwise", error="invalid_token"' },
    });
  }
  return caller;
}

export function requireRole(caller: Caller, role: Role): void {
  if (includesRole(caller.role, role)) return;
  throw new Problem(
    'forbidden',
    `This requires the role ${role}, but the token "${caller.name}" has the role ${caller.role}.`,
    { members: { requiredRole: role, role: caller.role } },
  );
}
