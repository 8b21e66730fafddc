import { z } from 'zod';
import { listOrganizations } from '../../db/directory/find-directory';
import { defineEndpoint } from '../endpoint';
import { organizationBrief } from '../schemas/directory';
import { organizationBriefView } from '../views/directory-view';

export const listOrganizationsEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations',
  tag: 'Organizations',
  role: 'viewer',
  summary: 'Organizations that this installation keeps',
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
