import { z } from 'zod';
import { listRevisions } from '../../../db/templates/templates';
import { defineEndpoint } from '../../http/endpoint';
import { revision } from '../schema';
import { groupScope, requireTemplate } from '../require-template';
import { revisionView } from '../template-view';

export const listGroupTemplateRevisionsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}/revisions',
  tag: 'Templates',
  role: 'viewer',
  summary: 'Every revision of the template of a group, newest first',
  replies: {
    200: { description: 'Revisions', schema: z.strictObject({ items: z.array(revision) }) },
  },
  problems: ['ambiguous-name'],
  async handle({ deps, organization, params }) {
    const scope = await groupScope(deps.db, organization, params.groupId);
    const { row } = await requireTemplate(deps.db, organization.orgId, scope);
    const revisions = await listRevisions(deps.db, row.templateId);
    return { status: 200, body: { items: revisions.map(revisionView) } };
  },
});
