import { createHash } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { insertFeedback, isUserOf } from '../../db/rollout/feedback';
import { findAnswer, storeAnswer } from '../../db/admin/idempotency';
import { rolloutAddress } from '../http/addresses';
import type { Exchange, Reply } from '../http/endpoint';
import { Problem } from '../http/problem';
import { resolveUsers } from '../directory/resolve-references';
import { rolloutOf } from './find-rollout';
import { feedbackView } from './feedback-view';

interface FeedbackBody {
  verdict: 'good' | 'neutral' | 'bad';
  text: string;
  user?: string | undefined;
}
type FeedbackExchange = Exchange<'orgId' | 'rolloutId', unknown, FeedbackBody>;

/** Another request with this key was first: its transaction has the answer. */
class KeyTaken extends Error {}

/** Keeps what somebody says about a rollout that has started (R85); the same key keeps it once. */
export async function recordFeedback(exchange: FeedbackExchange): Promise<Reply> {
  const { deps, organization, body, idempotencyKey } = exchange;
  const { orgId } = organization;
  const row = await rolloutOf(deps.db, orgId, exchange.params.rolloutId);
  const { rolloutId } = row;
  if (row.startedAt === null) {
    const detail = `The rollout is ${row.phase}: it has changed nobody yet who could say anything about it.`;
    throw new Problem('action-not-allowed', detail);
  }
  const address = `${rolloutAddress(orgId, rolloutId)}/feedback`;
  const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const answer =
    idempotencyKey === null
      ? null
      : { key: `feedback/${rolloutId}/${idempotencyKey}`, requestHash };
  const earlier = answer && (await replay(exchange, answer));
  if (earlier) return earlier;
  try {
    return await keep(exchange, { rolloutId, address, answer });
  } catch (error) {
    if (!(error instanceof KeyTaken)) throw error;
    const first = answer && (await replay(exchange, answer));
    if (first) return first;
    throw new Problem('request-in-progress', 'The request with this key is being carried out.');
  }
}

interface Answer {
  key: string;
  requestHash: string;
}

function keep(
  { deps, organization, caller, body }: FeedbackExchange,
  asked: { rolloutId: string; address: string; answer: Answer | null },
): Promise<Reply> {
  const { rolloutId, address, answer } = asked;
  const { orgId } = organization;
  const { verdict, text, user } = body;
  return deps.db.transaction(async (tx) => {
    const personId =
      user === undefined ? null : await userOf(tx, { organization, rolloutId, given: user });
    const said = await insertFeedback(tx, {
      orgId,
      rolloutId,
      recordedBy: caller.name,
      personId,
      verdict,
      text,
    });
    const view = feedbackView(said);
    if (answer) {
      const stored = { orgId, ...answer, status: 201, location: address, body: view };
      if (!(await storeAnswer(tx, stored))) throw new KeyTaken();
    }
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'rollout.feedback-recorded',
      target: `rollouts/${rolloutId}`,
      details: { feedbackId: view.id, verdict },
    });
    return { status: 201, body: view, headers: { Location: address } };
  });
}

async function userOf(
  tx: Queryable,
  asked: { organization: FeedbackExchange['organization']; rolloutId: string; given: string },
): Promise<string> {
  const { organization, rolloutId, given } = asked;
  const { ids, faults } = await resolveUsers(tx, organization, [{ given, pointer: '/user' }]);
  const [personId] = ids;
  if (personId !== undefined && (await isUserOf(tx, rolloutId, personId))) return personId;
  const detail = `"${given}" is no user of this rollout.`;
  const fault = { pointer: '/user', code: 'unknown-user', detail };
  throw new Problem('unknown-reference', 'The feedback is from somebody who is not there.', {
    errors: faults.length > 0 ? faults : [fault],
  });
}

async function replay(
  { deps, organization }: FeedbackExchange,
  { key, requestHash }: Answer,
): Promise<Reply | null> {
  const stored = await findAnswer(deps.db, organization.orgId, key);
  if (!stored) return null;
  if (stored.requestHash !== requestHash) {
    throw new Problem('idempotency-key-reused', 'This key was used for other feedback.');
  }
  const headers = { Location: stored.location ?? '', 'Idempotent-Replayed': 'true' };
  return { status: stored.status, body: stored.body, headers };
}
