import { z } from 'zod';
import { listTemplates } from '../../db/templates/templates';
import { defineEndpoint } from '../endpoint';
import { asOf } from '../schemas/parts';
import { template } from '../schemas/template';
import { templateView } from '../views/template-view';

export const listTemplatesEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/templates',
  tag: 'Templates',
  role: 'viewer',
  summary: 'All templates, with what governs and what waits',
  replies: {
    200: { description: 'Templates', schema: z.strictObject({ items: z.array(template), asOf }) },
  },
  async handle({ deps, organization }) {
    const stored = await listTemplates(deps.db, organization.orgId);
    return {
      status: 200,
      body: {
        items: stored.map(templateView),
        asOf: organization.observedAt?.toISOString() ?? null,
      },
    };
  },
});
