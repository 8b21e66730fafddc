import { Problem } from '../problem';
import { type Caller, includesRole, type Role } from '../../../roles';
import type { RawExchange } from '../exchange';
import { hashToken, type Tokens } from './tokens';

const bearer = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i;

/**
 * The caller of a request, who has the role. The name stands in the log of the request. Refusals of
 * one address or token come later and later.
 */
export async function authenticate(
  { deps, request, response }: RawExchange,
  role: Role,
): Promise<Caller> {
  try {
    const caller = callerOf(request.headers.authorization, deps.tokens);
    response.locals.caller = caller.name;
    requireRole(caller, role);
    return caller;
  } catch (refusal) {
    const { caller } = response.locals as { caller?: string };
    await deps.refusedCallers.wait(caller === undefined ? `from ${request.ip}` : `of ${caller}`);
    throw refusal;
  }
}

/** Tokens are compared by their hash, so that timing reveals nothing. */
function callerOf(header: string | undefined, tokens: Tokens): Caller {
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

function requireRole(caller: Caller, role: Role): void {
  if (includesRole(caller.role, role)) return;
  throw new Problem(
    'forbidden',
    `This requires the role ${role}, but the token "${caller.name}" has the role ${caller.role}.`,
    { members: { requiredRole: role, role: caller.role } },
  );
}
