import { deleteTemplate } from '../delete-template';
import { defineEndpoint } from '../endpoint';
import { groupScope } from '../template-of';

export const deleteGroupTemplateEndpoint = defineEndpoint({
  method: 'delete',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}',
  tag: 'Templates',
  role: 'admin',
  summary: 'End the template of a group',
  description: 'Future users get nothing from it any more (R24); nobody loses a license (R30).',
  replies: { 204: { description: 'Ended' } },
  problems: ['ambiguous-name', 'template-in-use'],
  async handle({ deps, organization, params, caller }) {
    const scope = await groupScope(deps.db, organization, params.groupId);
    await deleteTemplate(deps.db, { orgId: organization.orgId, scope, caller });
    return { status: 204 };
  },
});
