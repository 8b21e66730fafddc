import { recordAudit } from '../db/audit';
import type { Db } from '../db/connect';
import { findRollout, livingRolloutsOf } from '../db/rollouts';
import { deleteTemplates, dropDraft, findTemplate } from '../db/templates';
import type { TemplateScope } from '../domain/model';
import { isFinal } from '../domain/rollout-phase';
import { rolloutAddress } from './addresses';
import { draftPending } from './draft-pending';
import { notFound, Problem } from './problem';
import type { Caller } from './roles';

interface TemplateAsked {
  orgId: string;
  scope: TemplateScope;
  caller: Caller;
}

/** Ends a template with preserve (R24, R30): future users get nothing from it, nobody loses anything. */
export async function deleteTemplate(db: Db, asked: TemplateAsked): Promise<void> {
  const { orgId, scope, caller } = asked;
  await db.transaction(async (tx) => {
    const stored = await findTemplate(tx, orgId, scope, true);
    if (!stored) throw notFound(`template for this ${scope.kind}`);
    const { templateId, name } = stored.row;
    const [living] = await livingRolloutsOf(tx, templateId);
    if (living) {
      const address = rolloutAddress(orgId, living.rolloutId);
      throw new Problem(
        'template-in-use',
        `Rollout ${living.rolloutId} of this template is ${living.phase}: let it end, abort or discard it first.`,
        { members: { conflictsWith: address }, headers: { Location: address } },
      );
    }
    await deleteTemplates(tx, [templateId], new Date());
    const target = `templates/${templateId}`;
    const details = { name };
    await recordAudit(tx, { orgId, actor: caller, action: 'template.deleted', target, details });
  });
}

/** Drops a draft that no living rollout tries (R16a). */
export async function dropPendingDraft(db: Db, asked: TemplateAsked): Promise<void> {
  const { orgId, scope, caller } = asked;
  await db.transaction(async (tx) => {
    const stored = await findTemplate(tx, orgId, scope, true);
    if (!stored) throw notFound(`template for this ${scope.kind}`);
    const { templateId, draftRevision, draftRolloutId, inForceRevision } = stored.row;
    if (draftRevision === null) throw new Problem('no-draft', 'There is no draft to drop.');
    const trying = draftRolloutId ? await findRollout(tx, orgId, draftRolloutId) : undefined;
    if (trying && !isFinal(trying.phase)) throw draftPending(stored, trying);
    await dropDraft(tx, templateId, new Date());
    if (inForceRevision === null) await deleteTemplates(tx, [templateId], new Date());
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'template.draft-dropped',
      target: `templates/${templateId}`,
      details: { revision: draftRevision },
    });
  });
}
