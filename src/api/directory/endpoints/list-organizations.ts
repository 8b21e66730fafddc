import { z } from 'zod';
import { listOrganizations } from '../../../db/directory/find-directory';
import { defineEndpoint } from '../../http/endpoint';
import { organizationBrief } from '../schema';
import { organizationBriefView } from '../directory-view';

export const listOrganizationsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations',
  tag: 'Organizations',
  role: 'viewer',
  summary: 'List the organizations',
  replies: {
    200: {
      description: 'Organizations',
      schema: z.strictObject({ items: z.array(organizationBrief) }),
    },
  },
  async handle({ deps }) {
    const rows = await listOrganizations(deps.db);
    return { status: 200, body: { items: rows.map(organizationBriefView) } };
  },
});
