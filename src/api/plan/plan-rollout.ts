import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import type { Queryable } from '../../db/connect';
import { findRollout, insertRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { bindDraft, bindEnding } from '../../db/templates/templates';
import { kindOf } from '../../domain/kinds/kind-of';
import { rolloutWorkflowId } from '../../contract/ids';
import { rolloutAddress } from '../http/parameters/addresses';
import { completeRequestBody, type CompletedRequest } from './complete-request-body';
import type { Exchange, Reply } from '../http/exchange';
import { requestDigest, withIdempotencyKey, type KeepAnswer } from '../http/with-idempotency-key';
import { refuseInUse, triesDraft } from './refuse-in-use';
import type { RolloutRequestBody } from '../rollout/request-schema';
import { readRollout } from '../rollout/read-rollout';

/** What planning a rollout reads of a request. */
export type PlanExchange = Pick<
  Exchange<'orgId', unknown, unknown>,
  'deps' | 'organization' | 'caller' | 'idempotencyKey' | 'request'
>;

/** A rollout to store. */
export interface RolloutAsked {
  /** Where the `Idempotency-Key` counts, and what it stands for there. */
  address: string;
  fingerprint: unknown;
  complete(tx: Queryable): Promise<CompletedRequest>;
}

/** Plans what a body of `POST rollouts` asks for. */
export function createRollout(
  exchange: Exchange<'orgId', unknown, RolloutRequestBody>,
): Promise<Reply> {
  const { organization, body } = exchange;
  return planRollout(exchange, {
    address: 'rollouts',
    fingerprint: body,
    complete: (tx) => completeRequestBody(tx, organization, body),
  });
}

/**
 * Stores the rollout, its audit event and the answer's key in one transaction, then starts its
 * workflow. If Temporal can't be reached, the answer is 202 all the same: upkeep starts it within a minute.
 */
export function planRollout(exchange: PlanExchange, asked: RolloutAsked): Promise<Reply> {
  const { deps, organization } = exchange;
  return withIdempotencyKey({
    exchange,
    scope: asked.address,
    digest: () => requestDigest(asked.fingerprint),
    async replay({ body }) {
      const { rolloutId } = body as { rolloutId: string };
      const row = await findRollout(deps.db, organization.orgId, rolloutId);
      return row ? replyOf(exchange, row) : null;
    },
    async work(keep) {
      const stored = await storeRollout(exchange, asked, keep);
      const { rolloutId } = stored;
      try {
        await deps.jobs.startRollout({ ...stored, orgUuid: organization.orgUuid });
      } catch (error) {
        const what = 'the workflow of a stored rollout could not be started yet';
        exchange.request.log.warn({ err: error, rolloutId }, what);
      }
      return replyOf(exchange, stored);
    },
  });
}

async function storeRollout(
  exchange: PlanExchange,
  asked: RolloutAsked,
  keep: KeepAnswer,
): Promise<RolloutRow> {
  const { deps, organization, caller } = exchange;
  const { orgId } = organization;
  return deps.db.transaction(async (tx) => {
    const rolloutId = randomUUID();
    const location = rolloutAddress(orgId, rolloutId);
    // Before anything is judged: what the first request changed would refuse its repetition.
    await keep(tx, { status: 202, location, body: { rolloutId } });
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

/** What the row of a rollout says of its request. */
export function describe({ request, template }: CompletedRequest) {
  const { change } = request;
  const { row, inForce } = template ?? {};
  return {
    request,
    title: kindOf(change).title(request, row?.name ?? ''),
    templateId: row?.templateId ?? null,
    templateRevision: change.kind === 'template' ? change.revision : (inForce?.revision ?? null),
  };
}

/** 202, with the rollout as it stands. */
export async function replyOf(
  { deps, organization }: PlanExchange,
  row: RolloutRow,
): Promise<Reply> {
  return {
    status: 202,
    body: await readRollout(deps, organization, row),
    headers: { Location: rolloutAddress(row.orgId, row.rolloutId) },
  };
}
