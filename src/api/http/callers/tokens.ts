import { createHash, randomBytes } from 'node:crypto';
import type { Caller, Role } from '../../../roles';

/** Callers by the SHA-256 of their token, lower-case hex: tokens themselves are never kept. */
export type Tokens = ReadonlyMap<string, Caller>;

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** A new token of 256 random bits, and its line for `SEATWISE_TOKENS`. */
export function mintToken(name: string, role: Role): { token: string; hashLine: string } {
  if (!/^[^:,\s]+$/.test(name)) {
    throw new Error('a token name is one word without ":" and ","');
  }
  const token = `seatwise_${randomBytes(32).toString('base64url')}`;
  return { token, hashLine: `${hashToken(token)}:${name}:${role}` };
}

export function tokensOf(
  configured: readonly { hash: string; name: string; role: Role }[],
): Tokens {
  return new Map(configured.map(({ hash, name, role }) => [hash.toLowerCase(), { name, role }]));
}
