import { createHash, randomUUID } from 'node:crypto';
import { recordAudit } from '../db/audit';
import type { Queryable } from '../db/connect';
import { findAnswer, storeAnswer } from '../db/idempotency';
import { findRollout, insertRollout, type RolloutRow } from '../db/rollouts';
import { bindDraft } from '../db/templates';
import { isFinal } from '../domain/rollout-phase';
import { rolloutTitle } from '../domain/rollout-title';
import { rolloutWorkflowId } from '../workflows/messages';
import { rolloutAddress } from './addresses';
import { completeBody, type CompletedBody } from './complete-body';
import { draftPending } from './draft-pending';
import type { Exchange, Reply } from './endpoint';
import { Problem } from './problem';
import type { RolloutRequestBody } from './schemas/rollout-request';
import { rolloutView } from './views/rollout-view';

type CreateExchange = Exchange<'orgId', unknown, RolloutRequestBody>;

/** Another request with this key was first: its transaction has the answer. */
class KeyTaken extends Error {}

/**
 * Stores the rollout, its audit event and the answer's key in one transaction, then starts its
 * workflow. Where Temporal is away the answer is 202 all the same: upkeep starts it within a minute.
 */
export async function createRollout(exchange: CreateExchange): Promise<Reply> {
  const { deps, organization, body, idempotencyKey } = exchange;
  const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const key = idempotencyKey === null ? null : `rollouts/${idempotencyKey}`;
  const earlier = key === null ? null : await replay(exchange, key, requestHash);
  if (earlier) return earlier;

  const stored = await storeRollout(exchange, key, requestHash).catch((error: unknown) => {
    if (error instanceof KeyTaken) return null;
    throw error;
  });
  if (stored === null) {
    const first = key === null ? null : await replay(exchange, key, requestHash);
    if (first) return first;
    throw new Problem('request-in-progress', 'The request with this key is being carried out.');
  }
  try {
    await deps.jobs.startRollout({ ...stored, orgUuid: organization.orgUuid });
  } catch (error) {
    exchange.request.log.warn(
      { err: error, rolloutId: stored.rolloutId },
      'the workflow of a stored rollout could not be started yet',
    );
  }
  return replyOf(exchange, stored);
}

async function storeRollout(
  exchange: CreateExchange,
  key: string | null,
  requestHash: string,
): Promise<RolloutRow> {
  const { deps, organization, caller, body } = exchange;
  const { orgId } = organization;
  return deps.db.transaction(async (tx) => {
    const completed = await completeBody(tx, organization, body);
    await refuseBoundDraft(tx, orgId, completed);
    const rolloutId = randomUUID();
    if (key !== null) {
      const location = rolloutAddress(orgId, rolloutId);
      const answer = { orgId, key, requestHash, status: 202, location, body: { rolloutId } };
      if (!(await storeAnswer(tx, answer))) throw new KeyTaken();
    }
    const row = await insertRollout(tx, {
      orgId,
      rolloutId,
      ...describe(completed),
      phase: 'planning',
      createdBy: caller.name,
      workflowId: rolloutWorkflowId(organization.orgUuid, rolloutId),
    });
    if (row.templateId !== null && triesDraft(completed)) {
      await bindDraft(tx, row.templateId, rolloutId);
    }
    const details = { title: row.title, reason: completed.request.reason };
    const target = `rollouts/${rolloutId}`;
    await recordAudit(tx, { orgId, actor: caller, action: 'rollout.created', target, details });
    return row;
  });
}

function describe({ request, template }: CompletedBody) {
  const { change } = request;
  return {
    request,
    title: rolloutTitle(request, template?.row.name ?? ''),
    templateId: change.kind === 'template' ? change.templateId : null,
    templateRevision: change.kind === 'template' ? change.revision : null,
  };
}

function triesDraft({ request, template }: CompletedBody): boolean {
  return (
    request.change.kind === 'template' && template?.row.draftRevision === request.change.revision
  );
}

/** A draft is tried by one rollout at a time (R16a). */
async function refuseBoundDraft(
  db: Queryable,
  orgId: string,
  completed: CompletedBody,
): Promise<void> {
  const bound = triesDraft(completed) ? completed.template?.row.draftRolloutId : null;
  if (!bound) return;
  const other = await findRollout(db, orgId, bound);
  if (completed.template && other && !isFinal(other.phase)) {
    throw draftPending(completed.template, other);
  }
}

async function replay(
  exchange: CreateExchange,
  key: string,
  requestHash: string,
): Promise<Reply | null> {
  const { deps, organization } = exchange;
  const answer = await findAnswer(deps.db, organization.orgId, key);
  if (!answer) return null;
  if (answer.requestHash !== requestHash) {
    throw new Problem('idempotency-key-reused', 'This key was used for another rollout.');
  }
  const { rolloutId } = answer.body as { rolloutId: string };
  const row = await findRollout(deps.db, organization.orgId, rolloutId);
  if (!row) return null;
  const reply = await replyOf(exchange, row);
  return { ...reply, headers: { ...reply.headers, 'Idempotent-Replayed': 'true' } };
}

async function replyOf({ deps, organization }: CreateExchange, row: RolloutRow): Promise<Reply> {
  return {
    status: 202,
    body: await rolloutView(deps, organization, row),
    headers: { Location: rolloutAddress(row.orgId, row.rolloutId) },
  };
}
