import { createHash, randomUUID } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { findAnswer, storeAnswer } from '../../db/admin/idempotency';
import { findRollout, insertRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { bindDraft, bindEnding } from '../../db/templates/templates';
import { rolloutTitle } from '../../domain/kinds/rollout-title';
import { rolloutWorkflowId } from '../../contract/ids';
import { rolloutAddress } from '../http/addresses';
import { completeBody, type CompletedBody } from './complete-request';
import type { Exchange, Reply } from '../http/endpoint';
import { Problem } from '../http/problem';
import { refuseInUse, triesDraft } from './refuse-in-use';
import type { RolloutRequestBody } from '../rollout/request-schema';
import { rolloutView } from '../rollout/rollout-view';

/** As much of a request as making a rollout takes. */
export type PlanExchange = Pick<
  Exchange<'orgId', unknown, unknown>,
  'deps' | 'organization' | 'caller' | 'idempotencyKey' | 'request'
>;

/** A rollout to be stored. */
export interface RolloutAsked {
  /** What the same `Idempotency-Key` must stand for: where it was sent, and what was. */
  address: string;
  fingerprint: unknown;
  complete(tx: Queryable): Promise<CompletedBody>;
}

/** Plans what a body of `POST rollouts` asks for. */
export function createRollout(
  exchange: Exchange<'orgId', unknown, RolloutRequestBody>,
): Promise<Reply> {
  const { organization, body } = exchange;
  return planRollout(exchange, {
    address: 'rollouts',
    fingerprint: body,
    complete: (tx) => completeBody(tx, organization, body),
  });
}

/** Another request with this key was first: its transaction has the answer. */
class KeyTaken extends Error {}

/**
 * Stores the rollout, its audit event and the answer's key in one transaction, then starts its
 * workflow. Where Temporal is away the answer is 202 all the same: upkeep starts it within a minute.
 */
export async function planRollout(exchange: PlanExchange, asked: RolloutAsked): Promise<Reply> {
  const { deps, organization, idempotencyKey } = exchange;
  const requestHash = createHash('sha256').update(JSON.stringify(asked.fingerprint)).digest('hex');
  const key = idempotencyKey === null ? null : `${asked.address}/${idempotencyKey}`;
  const earlier = key === null ? null : await replay(exchange, key, requestHash);
  if (earlier) return earlier;

  const answer = key === null ? null : { key, requestHash };
  const stored = await storeRollout(exchange, asked, answer).catch((error: unknown) => {
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
  exchange: PlanExchange,
  asked: RolloutAsked,
  answer: { key: string; requestHash: string } | null,
): Promise<RolloutRow> {
  const { deps, organization, caller } = exchange;
  const { orgId } = organization;
  return deps.db.transaction(async (tx) => {
    const rolloutId = randomUUID();
    if (answer) {
      const location = rolloutAddress(orgId, rolloutId);
      const stored = { orgId, ...answer, status: 202, location, body: { rolloutId } };
      // Before anything is judged: what the first request changed would refuse its repetition.
      if (!(await storeAnswer(tx, stored))) throw new KeyTaken();
    }
    const completed = await asked.complete(tx);
    await refuseInUse(tx, caller, completed);
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
    if (row.templateId !== null && completed.request.change.kind === 'delete-template') {
      await bindEnding(tx, row.templateId, rolloutId);
    }
    const details = { title: row.title, reason: completed.request.reason };
    const target = `rollouts/${rolloutId}`;
    await recordAudit(tx, { orgId, actor: caller, action: 'rollout.created', target, details });
    return row;
  });
}

function describe({ request, template }: CompletedBody) {
  const { change } = request;
  const { row, inForce } = template ?? {};
  return {
    request,
    title: rolloutTitle(request, row?.name ?? ''),
    templateId: row?.templateId ?? null,
    templateRevision: change.kind === 'template' ? change.revision : (inForce?.revision ?? null),
  };
}

async function replay(
  exchange: PlanExchange,
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

async function replyOf({ deps, organization }: PlanExchange, row: RolloutRow): Promise<Reply> {
  return {
    status: 202,
    body: await rolloutView(deps, organization, row),
    headers: { Location: rolloutAddress(row.orgId, row.rolloutId) },
  };
}
