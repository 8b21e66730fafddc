import { randomBytes, randomUUID } from 'node:crypto';
import { hashText } from '../organization/random';

/** Every scope that a route asks for; an administrator's token has them all. */
export const allScopes = [
  'spark-admin:licenses_read',
  'spark-admin:people_read',
  'spark-admin:people_write',
  'spark-admin:roles_read',
  'spark-admin:organizations_read',
  'spark-admin:locations_read',
  'spark-admin:telephony_config_read',
  'identity:groups_read',
  'identity:groups_rw',
  'identity:people_read',
  'identity:people_rw',
  'audit:events_read',
  'spark:applications_token',
  'spark:people_read',
  'spark:kms',
] as const;

export interface Token {
  value: string;
  /** Its name in the log of writes. */
  name: string;
  scopes: readonly string[];
  kind: 'person' | 'service-app';
  expiresAt: number;
}

export interface RefreshToken {
  value: string;
  name: string;
  scopes: readonly string[];
  kind: Token['kind'];
  expiresAt: number;
  clientId: string | null;
  clientSecret: string | null;
  accessSeconds: number;
  refreshSeconds: number;
}

/** Access and refresh tokens that the simulator issued. */
export class Tokens {
  private readonly access = new Map<string, Token>();
  private readonly refresh = new Map<string, RefreshToken>();

  add(token: Token): void {
    this.access.set(token.value, token);
  }

  addRefresh(token: RefreshToken): void {
    this.refresh.set(token.value, token);
  }

  revoke(value: string): boolean {
    return this.access.delete(value) || this.refresh.delete(value);
  }

  find(value: string): Token | undefined {
    return this.access.get(value);
  }

  findRefresh(value: string): RefreshToken | undefined {
    return this.refresh.get(value);
  }

  list(): Token[] {
    return [...this.access.values()];
  }
}

export function newTokenValue(): string {
  return `${randomBytes(36).toString('base64url')}_P0A1_${randomUUID()}`;
}

/** A name that distinguishes tokens without revealing them. */
export function tokenName(value: string): string {
  return `token-${hashText(value).toString(16).padStart(8, '0')}`;
}
