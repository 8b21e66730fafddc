import { defineEndpoint } from '../../http/endpoint';
import { template } from '../schema';
import { groupScope, requireTemplate } from '../require-template';
import { templateView } from '../template-view';

export const getGroupTemplateEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}',
  tag: 'Templates',
  role: 'viewer',
  summary: 'What the template of a group says',
  replies: { 200: { description: 'The template', schema: template } },
  problems: ['ambiguous-name'],
  async handle({ deps, organization, params }) {
    const scope = await groupScope(deps.db, organization, params.groupId);
    const stored = await requireTemplate(deps.db, organization.orgId, scope);
    return { status: 200, body: templateView(stored) };
  },
});
