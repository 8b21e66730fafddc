import { defineEndpoint } from '../../http/endpoint';
import { organization as schema } from '../schema';
import { organizationBriefView } from '../directory-view';
import { currentPace } from '../current-pace';

export const getOrganizationEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}',
  tag: 'Organizations',
  role: 'viewer',
  summary: 'Show an organization, what its credential can do, and the pace of writes',
  replies: { 200: { description: 'The organization', schema } },
  async handle({ deps, organization }) {
    const pace = await currentPace(deps, organization.orgId);
    return {
      status: 200,
      body: {
        ...organizationBriefView(organization),
        firstSeenAt: organization.firstSeenAt.toISOString(),
        credentialReport: organization.credentialReport,
        pace,
      },
    };
  },
});
