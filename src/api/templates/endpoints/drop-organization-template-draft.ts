import { dropUntriedDraft } from '../end-template';
import { defineEndpoint } from '../../http/endpoint';

export const dropOrganizationTemplateDraftEndpoint = defineEndpoint({
  method: 'delete',
  path: '/v1/organizations/{orgId}/templates/organization/draft',
  tag: 'Templates',
  role: 'admin',
  summary: 'Drop the draft of the organization template',
  description: 'Refused while a rollout that has not ended tries it (R16a).',
  replies: { 204: { description: 'Dropped; what was in force stays' } },
  problems: ['no-draft', 'draft-pending'],
  async handle({ deps, organization, caller }) {
    const scope = { kind: 'organization' as const };
    await dropUntriedDraft(deps.db, { orgId: organization.orgId, scope, caller });
    return { status: 204 };
  },
});
