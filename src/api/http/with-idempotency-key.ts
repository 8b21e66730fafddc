import { createHash } from 'node:crypto';
import { findAnswer, storeAnswer, type StoredAnswer } from '../../db/admin/idempotency';
import type { Queryable } from '../../db/connect';
import type { Exchange, Reply } from './exchange';
import { Problem } from './problem';

/** Stores the answer under the caller's key, in the transaction of its effect. */
export type KeepAnswer = (
  db: Queryable,
  answer: { status: number; location: string | null; body: unknown },
) => Promise<void>;

export interface KeyedWork {
  exchange: Pick<Exchange<'orgId', unknown, unknown>, 'deps' | 'organization' | 'idempotencyKey'>;
  /** Where the key counts: under another scope it is another key. */
  scope: string;
  /** The request, hashed: one key stands for one request. */
  digest: () => string | Promise<string>;
  /** The reply for a stored answer, as stored by default; null if what it is about was deleted. */
  replay?: (stored: StoredAnswer) => Promise<Reply | null>;
  /** Carries the request out. It calls `keep` once, or throws. */
  work: (keep: KeepAnswer) => Promise<Reply>;
}

/**
 * Carries a request out once per `Idempotency-Key`: the same key with the same request gets the first
 * answer again. Of two requests at the same time, the one that is first to store its answer wins;
 * the other one is rolled back and gets that answer.
 */
export async function withIdempotencyKey(keyed: KeyedWork): Promise<Reply> {
  const { exchange, scope, digest, work } = keyed;
  const { orgId } = exchange.organization;
  if (exchange.idempotencyKey === null) return work(() => Promise.resolve());
  const key = `${scope}/${exchange.idempotencyKey}`;
  const earlier = await replayed(keyed, key);
  if (earlier) return earlier;
  try {
    return await work(async (db, answer) => {
      const requestHash = await digest();
      if (!(await storeAnswer(db, { orgId, key, requestHash, ...answer })))
        throw new KeyTakenError();
    });
  } catch (error) {
    if (!(error instanceof KeyTakenError)) throw error;
    const first = await replayed(keyed, key);
    if (first) return first;
    throw new Problem('request-in-progress', 'A request with this key is still being carried out.');
  }
}

/** SHA-256 of a request as JSON. */
export function requestDigest(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

/** Another request with this key was first: its transaction has the answer. */
class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

async function replayed(
  { exchange, digest, replay = asStored }: KeyedWork,
  key: string,
): Promise<Reply | null> {
  const stored = await findAnswer(exchange.deps.db, exchange.organization.orgId, key);
  if (!stored) return null;
  if (stored.requestHash !== (await digest())) {
    const detail = 'This Idempotency-Key was used for another request: send a new key.';
    throw new Problem('idempotency-key-reused', detail);
  }
  const reply = await replay(stored);
  if (reply) return { ...reply, headers: { ...reply.headers, 'Idempotent-Replayed': 'true' } };
  const detail = 'What was created with this Idempotency-Key no longer exists: send a new key.';
  throw new Problem('idempotency-key-reused', detail);
}

function asStored({ status, body, location }: StoredAnswer): Promise<Reply> {
  const headers: Record<string, string> = location === null ? {} : { Location: location };
  return Promise.resolve({ status, body, headers });
}
