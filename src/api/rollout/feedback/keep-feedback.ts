import { recordAudit } from '../../../db/admin/audit';
import type { Queryable } from '../../../db/connect';
import { insertFeedback, isUserOf } from '../../../db/rollout/feedback';
import { rolloutAddress } from '../../http/parameters/addresses';
import type { Exchange, Reply } from '../../http/exchange';
import { Problem } from '../../http/problem';
import {
  requestDigest,
  withIdempotencyKey,
  type KeepAnswer,
} from '../../http/with-idempotency-key';
import { resolveUsers } from '../../directory/resolve-references';
import { requireRollout } from '../require-rollout';
import { feedbackView } from './feedback-view';

interface FeedbackBody {
  verdict: 'good' | 'neutral' | 'bad';
  text: string;
  user?: string | undefined;
}
type FeedbackExchange = Exchange<'orgId' | 'rolloutId', unknown, FeedbackBody>;

/** Stores feedback about a rollout that has started (R85); the same key stores it once. */
export async function keepFeedback(exchange: FeedbackExchange): Promise<Reply> {
  const { deps, organization, body } = exchange;
  const row = await requireRollout(deps.db, organization.orgId, exchange.params.rolloutId);
  if (row.startedAt === null) {
    const detail = `The rollout is ${row.phase}: feedback is possible once it has started.`;
    throw new Problem('action-not-allowed', detail);
  }
  return withIdempotencyKey({
    exchange,
    scope: `feedback/${row.rolloutId}`,
    digest: () => requestDigest(body),
    work: (keep) => storeFeedback(exchange, row.rolloutId, keep),
  });
}

function storeFeedback(
  { deps, organization, caller, body }: FeedbackExchange,
  rolloutId: string,
  keep: KeepAnswer,
): Promise<Reply> {
  const { orgId } = organization;
  const { verdict, text, user } = body;
  const location = `${rolloutAddress(orgId, rolloutId)}/feedback`;
  return deps.db.transaction(async (tx) => {
    const personId =
      user === undefined ? null : await userOf(tx, { organization, rolloutId, given: user });
    const stored = await insertFeedback(tx, {
      orgId,
      rolloutId,
      recordedBy: caller.name,
      personId,
      verdict,
      text,
    });
    const view = feedbackView(stored);
    await keep(tx, { status: 201, location, body: view });
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'rollout.feedback-recorded',
      target: `rollouts/${rolloutId}`,
      details: { feedbackId: view.id, verdict },
    });
    return { status: 201, body: view, headers: { Location: location } };
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
  const detail = `"${given}" is not a user of this rollout.`;
  const fault = { pointer: '/user', code: 'unknown-user', detail };
  throw new Problem(
    'unknown-reference',
    'The user of this feedback was not found in the rollout.',
    {
      errors: faults.length > 0 ? faults : [fault],
    },
  );
}
