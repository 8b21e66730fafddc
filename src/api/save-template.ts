import { randomUUID } from 'node:crypto';
import { recordAudit } from '../db/audit';
import type { Queryable } from '../db/connect';
import { findOrganization, listLicenses, type OrganizationRow } from '../db/directory';
import { findRollout } from '../db/rollouts';
import { readSettings } from '../db/settings';
import {
  findTemplate,
  isEmpty,
  listTemplates,
  saveRevision,
  type StoredTemplate,
} from '../db/templates';
import type { Entitlement, TemplateScope } from '../domain/model';
import type { PlanWarning } from '../domain/plan-summary';
import { isFinal } from '../domain/rollout-phase';
import { validateTemplate } from '../domain/validate-template';
import { organizationAddress, templateAddress } from './addresses';
import type { ApiDeps } from './deps';
import { draftPending } from './draft-pending';
import { freeOfferWarnings } from './free-offer-warnings';
import { Problem } from './problem';
import type { Caller } from './roles';

export interface TemplateSave {
  organization: OrganizationRow;
  caller: Caller;
  scope: TemplateScope;
  name: string | undefined;
  /** Name of a template that is saved for the first time without one. */
  fallbackName: string;
  entitlements: Entitlement[];
  draft: boolean;
}

export interface TemplateSaved {
  stored: StoredTemplate;
  created: boolean;
  warnings: PlanWarning[];
}

/**
 * Saves a revision: validated whole (R34–R60), one kind of template in `exclusive` mode (R2), never
 * over a pending draft (R16a). Saves of one organization run one after the other.
 */
export async function saveTemplate(deps: ApiDeps, save: TemplateSave): Promise<TemplateSaved> {
  const { organization, scope, caller } = save;
  const { orgId } = organization;
  return deps.db.transaction(async (tx) => {
    await findOrganization(tx, { orgId }, true);
    const licenses = await listLicenses(tx, orgId);
    if (licenses.length === 0) throw notObserved(orgId);
    const { settings } = await readSettings(tx, orgId, deps.defaults.settings);
    const { entitlements } = save;
    const verdict = validateTemplate({ entitlements, licenses, settings });
    if (verdict.faults.length > 0) {
      throw new Problem('invalid-template', 'The template cannot be right: each fault is listed.', {
        errors: verdict.faults.map(({ pointer, code, detail, rule }) => ({
          pointer,
          code,
          detail: `${detail} (${rule})`,
        })),
      });
    }
    if (settings.compositionMode === 'exclusive') await refuseOtherSide(tx, orgId, scope);
    const existing = await findTemplate(tx, orgId, scope, true);
    if (existing) await refusePendingDraft(tx, existing);

    const name = save.name ?? existing?.row.name ?? save.fallbackName;
    const stored = await saveRevision(tx, {
      orgId,
      scope,
      existing: existing?.row ?? null,
      newTemplateId: randomUUID(),
      name,
      entitlements: verdict.normalized,
      draft: save.draft,
      actor: caller.name,
      now: new Date(),
    });
    await recordAudit(tx, {
      orgId,
      actor: caller,
      action: save.draft ? 'template.draft-saved' : 'template.saved',
      target: `templates/${stored.row.templateId}`,
      details: { name, revision: stored.row.latestRevision, entitlements: verdict.normalized },
    });
    const losing = await freeOfferWarnings(tx, {
      orgId,
      templateId: stored.row.templateId,
      scope,
      entitlements: verdict.normalized,
      licenses,
      mode: settings.compositionMode,
    });
    return {
      stored,
      created: !existing || isEmpty(existing.row),
      warnings: [...verdict.warnings, ...losing],
    };
  });
}

async function refuseOtherSide(db: Queryable, orgId: string, scope: TemplateScope): Promise<void> {
  const templates = await listTemplates(db, orgId);
  const others = templates.filter(({ row }) => row.scope !== scope.kind);
  if (others.length === 0) return;
  const has =
    scope.kind === 'group' ? 'there is an organization template' : 'there are group templates';
  const settings = `${organizationAddress(orgId)}/settings`;
  throw new Problem(
    'composition-conflict',
    `The composition mode is exclusive and ${has} already (R2): delete what is there first, or set compositionMode to union or group-overrides-organization at ${settings}.`,
    {
      members: {
        templates: others.map(({ row }) => templateAddress(orgId, row.groupId)),
        settings,
      },
    },
  );
}

async function refusePendingDraft(db: Queryable, existing: StoredTemplate): Promise<void> {
  const { row } = existing;
  if (row.draftRevision === null) return;
  const bound = row.draftRolloutId
    ? await findRollout(db, row.orgId, row.draftRolloutId)
    : undefined;
  throw draftPending(existing, bound && !isFinal(bound.phase) ? bound : undefined);
}

function notObserved(orgId: string): Problem {
  const observe = `${organizationAddress(orgId)}/observe`;
  return new Problem(
    'not-observed',
    `The licenses of this organization were never read: POST ${observe} and try again when it is done.`,
    { members: { observe } },
  );
}
