import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Db, Queryable } from '../../db/connect';
import { recordAudit } from '../../db/admin/audit';
import { findOrganization, type OrganizationRow } from '../../db/directory/find-directory';
import { beginBaseline } from '../../db/templates/group-baseline';
import { passOwnership } from '../../db/templates/pass-ownership';
import {
  findTemplate,
  isEmpty,
  saveRevision,
  type StoredTemplate,
} from '../../db/templates/templates';
import type { Entitlement, TemplateScope } from '../../domain/model/template';
import type { PlanWarning } from '../../domain/model/warning';
import type { RequireMatch } from '../http/entity-tag';
import { checkTemplate } from './check-template';
import { draftPending } from '../plan/draft-pending';
import { freeOfferWarnings } from './free-offer-warnings';
import { rolloutTryingDraft, refuseWhileEnding } from '../plan/refuse-in-use';
import type { Caller } from '../../roles';
import type { saveTemplateBody } from './schema';
import { templateTag } from './template-tag';
import { leaveSide, sideToLeave } from './switch-side';

export interface TemplateSave {
  organization: OrganizationRow;
  caller: Caller;
  scope: TemplateScope;
  /** Name of a template that is saved for the first time without one. */
  fallbackName: string;
  body: z.output<typeof saveTemplateBody>;
  requireMatch: RequireMatch;
  /** About the group, in addition to those about the template. */
  warnings: PlanWarning[];
}

export interface TemplateSaved {
  stored: StoredTemplate;
  created: boolean;
  /** Deleted by a switch (R2). */
  left: StoredTemplate[];
  warnings: PlanWarning[];
  /** The read of the group's members after which others have joined (R91); null where there is none. */
  governsFrom: Date | null;
}

/**
 * Saves a revision: validated as a whole (R34–R60), one kind of template in `exclusive` mode (R2),
 * never over a draft (R16a). Switching sides is one step with it and changes no user (R3). Saves of
 * one organization run one after the other.
 */
export async function saveTemplate(db: Db, save: TemplateSave): Promise<TemplateSaved> {
  const { organization, scope, caller, body } = save;
  const { orgId } = organization;
  return db.transaction(async (tx) => {
    await findOrganization(tx, { orgId }, true);
    const checked = await checkTemplate(tx, { orgId, body });
    const mode = checked.settings.compositionMode;
    const isConfirmed = body.switchSide !== undefined;
    const left = await sideToLeave(tx, { orgId, scope, mode, isConfirmed });
    const existing = await findTemplate(tx, orgId, scope, true);
    save.requireMatch(existing && !isEmpty(existing.row) ? templateTag(existing) : null);
    if (existing) await refuseSave(tx, existing);
    const now = new Date();
    await leaveSide(tx, { orgId, templates: left, caller, now });
    const { entitlements } = checked;
    const stored = await store(tx, save, { existing, entitlements, now });
    const { templateId } = stored.row;
    const grantingLess = [...left.map(({ row }) => row.templateId), templateId];
    if (!body.draft) for (const id of grantingLess) await passOwnership(tx, orgId, id);
    const leftOut = { orgId, templateId, scope, entitlements, licenses: checked.licenses, mode };
    const baseline = await baselineOf(tx, save, existing);
    const losing = await freeOfferWarnings(tx, leftOut);
    return {
      stored,
      created: !existing || isEmpty(existing.row),
      left,
      governsFrom: baseline?.readAt ?? null,
      warnings: [
        ...save.warnings,
        ...checked.warnings,
        ...losing,
        ...(baseline?.readAt === null ? [membersNotRead] : []),
      ],
    };
  });
}

/** Null: the revision isn't the first that governs a group. */
async function baselineOf(
  tx: Queryable,
  { organization, scope, body }: TemplateSave,
  existing: StoredTemplate | undefined,
): Promise<{ readAt: Date | null } | null> {
  if (scope.kind !== 'group' || body.draft || existing?.inForce) return null;
  const { orgId } = organization;
  return { readAt: await beginBaseline(tx, { orgId, groupId: scope.groupId }) };
}

const membersNotRead: PlanWarning = {
  code: 'members-not-read',
  text: 'The members of the group could not be read now. The template governs from the next check of the watch: it covers users who join after that.',
  rule: 'R91',
};

async function refuseSave(tx: Queryable, existing: StoredTemplate): Promise<void> {
  if (existing.row.draftRevision !== null) {
    throw draftPending(existing, await rolloutTryingDraft(tx, existing));
  }
  await refuseWhileEnding(tx, existing);
}

async function store(
  tx: Queryable,
  { organization, caller, scope, fallbackName, body }: TemplateSave,
  revision: { existing: StoredTemplate | undefined; entitlements: Entitlement[]; now: Date },
): Promise<StoredTemplate> {
  const { existing, entitlements, now } = revision;
  const { orgId } = organization;
  const name = body.name ?? existing?.row.name ?? fallbackName;
  const stored = await saveRevision(tx, {
    orgId,
    scope,
    existing: existing?.row ?? null,
    newTemplateId: randomUUID(),
    name,
    entitlements,
    draft: body.draft,
    actor: caller.name,
    now,
  });
  const { templateId, latestRevision } = stored.row;
  await recordAudit(tx, {
    orgId,
    actor: caller,
    action: body.draft ? 'template.draft-saved' : 'template.saved',
    target: `templates/${templateId}`,
    details: { name, revision: latestRevision, entitlements },
  });
  return stored;
}
