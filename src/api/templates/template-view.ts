import { templateScope, type RevisionRow, type StoredTemplate } from '../../db/templates/templates';
import type { OrganizationRow } from '../../db/directory/find-directory';
import { rolloutAddress, templateAddress } from '../http/parameters/addresses';
import type { Reply } from '../http/exchange';
import type { TemplateSaved } from './save-template';
import { templateTag } from './template-tag';

export function revisionView(row: RevisionRow) {
  return {
    revision: row.revision,
    entitlements: row.entitlements,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  };
}

export function templateView(stored: StoredTemplate) {
  const { row, inForce, draft } = stored;
  const self = templateAddress(row.orgId, row.groupId);
  return {
    templateId: row.templateId,
    scope: templateScope(row),
    name: row.name,
    etag: templateTag(stored),
    inForce: inForce && revisionView(inForce),
    draft: draft && revisionView(draft),
    draftRollout:
      draft && row.draftRolloutId ? rolloutAddress(row.orgId, row.draftRolloutId) : null,
    endingRollout: row.endingRolloutId && rolloutAddress(row.orgId, row.endingRolloutId),
    successor: row.successorGroupId,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    links: { self, revisions: `${self}/revisions` },
  };
}

export function savedTemplateView(saved: TemplateSaved, organization: OrganizationRow): Reply {
  const template = templateView(saved.stored);
  const asOf = organization.observedAt?.toISOString() ?? null;
  return {
    status: saved.created ? 201 : 200,
    headers: {
      ETag: template.etag,
      ...(saved.created ? { Location: template.links.self } : {}),
    },
    body: {
      template,
      deleted: saved.left.map(({ row }) => ({ templateId: row.templateId, name: row.name })),
      warnings: saved.warnings,
      governsFrom: saved.governsFrom?.toISOString() ?? null,
      asOf,
    },
  };
}
