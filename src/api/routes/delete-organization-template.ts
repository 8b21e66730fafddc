import { deleteTemplate } from '../delete-template';
import { defineEndpoint } from '../endpoint';

export const deleteOrganizationTemplateEndpoint = defineEndpoint({
  method: 'delete',
  path: '/v1/organizations/{orgId}/templates/organization',
  tag: 'Templates',
  role: 'admin',
  summary: 'End the organization template',
  description: 'Future users get nothing from it any more (R24); nobody loses a license (R30).',
  replies: { 204: { description: 'Ended' } },
  problems: ['template-in-use'],
  async handle({ deps, organization, caller }) {
    const scope = { kind: 'organization' as const };
    await deleteTemplate(deps.db, { orgId: organization.orgId, scope, caller });
    return { status: 204 };
  },
});
