import type { Queryable } from '../../db/connect';
import { findRollout, livingRolloutsOf, type RolloutRow } from '../../db/rollout/rollouts';
import type { StoredTemplate } from '../../db/templates/templates';
import { isFinal } from '../../domain/rollout/rollout-phase';
import type { RolloutRequest } from '../../domain/request/rollout-request';
import { rolloutAddress } from '../http/parameters/addresses';
import type { CompletedRequest } from './complete-request-body';
import { draftPending } from './draft-pending';
import { Problem } from '../http/problem';
import { expectMayWaive } from '../rollout/actions/expect-approver';
import { type Caller, includesRole } from '../../roles';

/**
 * What stands against a new rollout of a template: a draft is tried by one rollout at a time (R16a),
 * a template that is being ended can't be rolled out, and one in use can't be ended (R30).
 */
export async function refuseInUse(
  db: Queryable,
  caller: Caller,
  completed: CompletedRequest,
): Promise<void> {
  const { request, template } = completed;
  expectMayWaive(caller, request);
  if (!template) return;
  expectMayEnd(caller, request);
  if (request.change.kind === 'delete-template') {
    await refuseEnd(db, template);
    return;
  }
  await refuseWhileEnding(db, template);
  const bound = triesDraft(completed) ? await rolloutTryingDraft(db, template) : undefined;
  if (bound) throw draftPending(template, bound);
}

/** Whoever plans the end of a template, also anew, has to be allowed to end it. */
export function expectMayEnd(caller: Caller, { change }: Pick<RolloutRequest, 'change'>): void {
  if (change.kind !== 'delete-template' || includesRole(caller.role, 'admin')) return;
  throw new Problem('forbidden', 'Ending a template requires the role admin.');
}

export function triesDraft({ request, template }: CompletedRequest): boolean {
  return (
    request.change.kind === 'template' && template?.row.draftRevision === request.change.revision
  );
}

/** R30: a template with a draft or a rollout that hasn't ended can't be ended by another. */
export async function refuseEnd(db: Queryable, template: StoredTemplate): Promise<void> {
  if (template.row.draftRevision !== null) {
    throw draftPending(template, await rolloutTryingDraft(db, template));
  }
  await refuseLiving(db, template);
}

export async function refuseLiving(db: Queryable, { row }: StoredTemplate): Promise<void> {
  const [living] = await livingRolloutsOf(db, row.templateId);
  if (living) throw templateInUse(living, 'uses this template');
}

/** R30: what is saved or rolled out while a template is being ended would end with it. */
export async function refuseWhileEnding(db: Queryable, { row }: StoredTemplate): Promise<void> {
  const ending = await living(db, row.orgId, row.endingRolloutId);
  if (ending) throw templateInUse(ending, 'ends this template');
}

function templateInUse(rollout: RolloutRow, which: string): Problem {
  const address = rolloutAddress(rollout.orgId, rollout.rolloutId);
  return new Problem(
    'template-in-use',
    `Rollout ${rollout.rolloutId} ${which} and is ${rollout.phase}: let it end, abort or discard it first.`,
    { members: { conflictsWith: address }, headers: { Location: address } },
  );
}

/** The rollout that tries the draft. */
export function rolloutTryingDraft(
  db: Queryable,
  { row }: StoredTemplate,
): Promise<RolloutRow | undefined> {
  return living(db, row.orgId, row.draftRolloutId);
}

async function living(
  db: Queryable,
  orgId: string,
  rolloutId: string | null,
): Promise<RolloutRow | undefined> {
  const found = rolloutId === null ? undefined : await findRollout(db, orgId, rolloutId);
  return found && !isFinal(found.phase) ? found : undefined;
}
