import { recordAudit } from '../../db/admin/audit';
import type { Db } from '../../db/connect';
import { countGivenBy } from '../../db/templates/count-given';
import { deleteTemplates, dropDraft, findTemplate } from '../../db/templates/templates';
import type { TemplateScope } from '../../domain/model/template';
import type { Caller } from '../../roles';
import { notFound, Problem } from '../http/problem';
import type { RequireMatch } from '../http/entity-tag';
import { draftPending } from '../plan/draft-pending';
import { rolloutTryingDraft } from '../plan/refuse-in-use';
import { templateTag } from './template-tag';

interface TemplateAsked {
  orgId: string;
  scope: TemplateScope;
  caller: Caller;
  requireMatch: RequireMatch;
}

/** Drops a draft that no living rollout tries (R16a). */
export async function dropUntriedDraft(db: Db, asked: TemplateAsked): Promise<void> {
  const { orgId, scope, caller } = asked;
  await db.transaction(async (tx) => {
    const stored = await findTemplate(tx, orgId, scope, true);
    if (!stored) throw notFound(`template for this ${scope.kind}`);
    asked.requireMatch(templateTag(stored));
    const { templateId, draftRevision, inForceRevision } = stored.row;
    if (draftRevision === null) throw new Problem('no-draft', 'The template has no draft.');
    const trying = await rolloutTryingDraft(tx, stored);
    if (trying) throw draftPending(stored, trying);
    await dropDraft(tx, templateId, new Date());
    // What its pilot got can still be taken back (R30).
    const { users } = await countGivenBy(tx, orgId, templateId);
    if (inForceRevision === null && users === 0) {
      await deleteTemplates(tx, [templateId], new Date());
    }
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: 'template.draft-dropped',
      target: `templates/${templateId}`,
      details: { revision: draftRevision },
    });
  });
}
