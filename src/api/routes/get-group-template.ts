import { defineEndpoint } from '../endpoint';
import { template } from '../schemas/template';
import { groupScope, templateOf } from '../template-of';
import { templateView } from '../views/template-view';

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
    const stored = await templateOf(deps.db, organization.orgId, scope);
    return { status: 200, body: templateView(stored) };
  },
});
