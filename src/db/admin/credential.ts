import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import type { Db, Queryable } from '../connect';
import { credential } from '../schema';

/** A stored credential: encrypted JSON, and two times that operators can see. */
export interface KeptTokens {
  accessExpiresAt: number;
  refreshExpiresAt: number | null;
}

export interface CredentialStoreOptions {
  db: Db;
  /** SEATWISE_SECRET_KEY. */
  secretKey: string;
  clientId: string;
  /** The configured one: another makes another credential, so that an old row can't hide a new token. */
  refreshToken: string;
}

export interface TokenStore<Tokens extends KeptTokens> {
  load(): Promise<Tokens | null>;
  update(renew: (current: Tokens | null) => Promise<Tokens>): Promise<Tokens>;
}

/**
 * Webex tokens in the table `credential`, AES-256-GCM under a key made from `secretKey`: the
 * `CredentialStore` of `webex/`. `update` holds an advisory lock for as long as `renew` takes, so one
 * worker refreshes and the others find the result. Throws where a row was written under another key.
 */
export function createCredentialStore<Tokens extends KeptTokens>(
  options: CredentialStoreOptions,
): TokenStore<Tokens> {
  const { db, secretKey, clientId, refreshToken } = options;
  const credentialId = createHash('sha256').update(`${clientId}\n${refreshToken}`).digest('hex');
  const box = createBox(secretKey, credentialId);

  const load = async (from: Queryable): Promise<Tokens | null> => {
    const [row] = await from
      .select({ ciphertext: credential.ciphertext })
      .from(credential)
      .where(eq(credential.credentialId, credentialId));
    return row ? (JSON.parse(box.open(row.ciphertext)) as Tokens) : null;
  };

  return {
    load: () => load(db),
    update: (renew) =>
      db.transaction(async (tx) => {
        await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${credentialId}, 0))`);
        const current = await load(tx);
        const tokens = await renew(current);
        if (tokens !== current)
          await save(tx, credentialId, box.seal(JSON.stringify(tokens)), tokens);
        return tokens;
      }),
  };
}

async function save(
  tx: Queryable,
  credentialId: string,
  ciphertext: string,
  tokens: KeptTokens,
): Promise<void> {
  const { accessExpiresAt, refreshExpiresAt } = tokens;
  const row = {
    ciphertext,
    accessExpiresAt: new Date(accessExpiresAt),
    refreshExpiresAt: refreshExpiresAt === null ? null : new Date(refreshExpiresAt),
    updatedAt: sql`now()`,
  };
  await tx
    .insert(credential)
    .values({ credentialId, ...row })
    .onConflictDoUpdate({ target: credential.credentialId, set: row });
}

interface Box {
  seal(text: string): string;
  open(sealed: string): string;
}

/** The id is authenticated with the text: a row can't be passed off as another credential's. */
function createBox(secretKey: string, credentialId: string): Box {
  // A fixed salt: all workers must come to the same key from the same configuration.
  const key = scryptSync(secretKey, 'seatwise/credential/v1', 32);
  return {
    seal: (text) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(credentialId));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return ['v1', iv, cipher.getAuthTag(), sealed]
        .map((part) => (typeof part === 'string' ? part : part.toString('base64url')))
        .join('.');
    },
    open: (sealed) => {
      const [version, iv = '', tag = '', text = ''] = sealed.split('.');
      try {
        if (version !== 'v1') throw new Error('unknown version');
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
          authTagLength: 16,
        })
          .setAAD(Buffer.from(credentialId))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        const opened = [decipher.update(Buffer.from(text, 'base64url')), decipher.final()];
        return Buffer.concat(opened).toString('utf8');
      } catch {
        throw new Error('they were encrypted with another SEATWISE_SECRET_KEY');
      }
    },
  };
}
