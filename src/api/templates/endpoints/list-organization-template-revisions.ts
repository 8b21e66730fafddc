import { z } from 'zod';
import { listRevisions } from '../../../db/templates/templates';
import { defineEndpoint } from '../../http/endpoint';
import { revision } from '../schema';
import { requireTemplate } from '../require-template';
import { revisionView } from '../template-view';

export const listOrganizationTemplateRevisionsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/templates/organization/revisions',
  tag: 'Templates',
  role: 'viewer',
  summary: 'Every revision of the organization template, newest first',
  replies: {
    200: { description: 'Revisions', schema: z.strictObject({ items: z.array(revision) }) },
  },

  async handle({ deps, organization }) {
    const scope = { kind: 'organization' as const };
    const { row } = await requireTemplate(deps.db, organization.orgId, scope);
    const revisions = await listRevisions(deps.db, row.templateId);
    return { status: 200, body: { items: revisions.map(revisionView) } };
  },
});
