import { randomUUID } from 'node:crypto';
import { recordAudit } from '../../db/admin/audit';
import { findOrganization, type OrganizationRow } from '../../db/directory/find-directory';
import { passOwnership } from '../../db/templates/pass-ownership';
import {
  findTemplate,
  isEmpty,
  saveRevision,
  type StoredTemplate,
} from '../../db/templates/templates';
import type { Entitlement, TemplateScope } from '../../domain/model/template';
import type { PlanWarning } from '../../domain/model/warning';
import { checkTemplate } from './check-template';
import type { ApiDeps } from '../http/deps';
import { draftPending } from '../plan/draft-pending';
import { freeOfferWarnings } from './free-offer-warnings';
import { rolloutTryingDraft, refuseWhileEnding } from '../plan/refuse-in-use';
import type { Caller } from '../../roles';
import { leaveSide, sideToLeave } from './switch-side';

export interface TemplateSave {
  organization: OrganizationRow;
  caller: Caller;
  scope: TemplateScope;
  name: string | undefined;
  /** Name of a template that is saved for the first time without one. */
  fallbackName: string;
  entitlements: Entitlement[];
  draft: boolean;
  /** R2: the templates of the other kind are to be deleted with this save. */
  switchSide: boolean;
}

export interface TemplateSaved {
  stored: StoredTemplate;
  created: boolean;
  /** Deleted by a switch (R2). */
  left: StoredTemplate[];
  warnings: PlanWarning[];
}

/**
 * Saves a revision: validated whole (R34–R60), one kind of template in `exclusive` mode (R2), never
 * over a pending draft (R16a). A switch of sides is one step with it, and changes nobody (R3). Saves
 * of one organization run one after the other.
 */
export async function saveTemplate(deps: ApiDeps, save: TemplateSave): Promise<TemplateSaved> {
  const { organization, scope, caller } = save;
  const { orgId } = organization;
  return deps.db.transaction(async (tx) => {
    await findOrganization(tx, { orgId }, true);
    const checked = await checkTemplate(tx, { orgId, entitlements: save.entitlements });
    const { entitlements, licenses, settings } = checked;
    const mode = settings.compositionMode;
    const left = await sideToLeave(tx, { orgId, scope, mode, isConfirmed: save.switchSide });
    const existing = await findTemplate(tx, orgId, scope, true);
    if (existing) {
      if (existing.row.draftRevision !== null) {
        throw draftPending(existing, await rolloutTryingDraft(tx, existing));
      }
      await refuseWhileEnding(tx, existing);
    }

    const now = new Date();
    const name = save.name ?? existing?.row.name ?? save.fallbackName;
    await leaveSide(tx, { orgId, templates: left, caller, now });
    const stored = await saveRevision(tx, {
      orgId,
      scope,
      existing: existing?.row ?? null,
      newTemplateId: randomUUID(),
      name,
      entitlements,
      draft: save.draft,
      actor: caller.name,
      now,
    });
    const { templateId, latestRevision } = stored.row;
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: save.draft ? 'template.draft-saved' : 'template.saved',
      target: `templates/${templateId}`,
      details: { name, revision: latestRevision, entitlements },
    });
    const grantingLess = [...left.map(({ row }) => row.templateId), templateId];
    if (!save.draft) for (const id of grantingLess) await passOwnership(tx, orgId, id);
    const leftOut = { orgId, templateId, scope, entitlements, licenses, mode };
    const losing = await freeOfferWarnings(tx, leftOut);
    return {
      stored,
      created: !existing || isEmpty(existing.row),
      left,
      warnings: [...checked.warnings, ...losing],
    };
  });
}
