import { defineEndpoint } from '../../http/endpoint';
import { template } from '../schema';
import { requireTemplate } from '../require-template';
import { templateView } from '../template-view';

export const getOrganizationTemplateEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/templates/organization',
  tag: 'Templates',
  role: 'viewer',
  summary: 'What the organization template says',
  replies: { 200: { description: 'The template', schema: template } },

  async handle({ deps, organization }) {
    const scope = { kind: 'organization' as const };
    const stored = await requireTemplate(deps.db, organization.orgId, scope);
    return { status: 200, body: templateView(stored) };
  },
});
