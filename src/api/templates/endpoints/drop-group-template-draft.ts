import { dropUntriedDraft } from '../end-template';
import { defineEndpoint } from '../../http/endpoint';
import { groupScope } from '../require-template';

export const dropGroupTemplateDraftEndpoint = defineEndpoint({
  method: 'delete',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}/draft',
  tag: 'Templates',
  role: 'admin',
  summary: 'Drop the draft of the template of a group',
  description: 'Refused while a rollout that has not ended tries it (R16a).',
  replies: { 204: { description: 'Dropped; what was in force stays' } },
  problems: ['ambiguous-name', 'no-draft', 'draft-pending'],
  async handle({ deps, organization, params, caller }) {
    const scope = await groupScope(deps.db, organization, params.groupId);
    await dropUntriedDraft(deps.db, { orgId: organization.orgId, scope, caller });
    return { status: 204 };
  },
});
