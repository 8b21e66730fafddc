import { z } from 'zod';
import { listTemplates } from '../../../db/templates/templates';
import { defineEndpoint } from '../../http/endpoint';
import { asOf } from '../../http/parameters/schema-parts';
import { template } from '../schema';
import { templateView } from '../template-view';

export const listTemplatesEndpoint = defineEndpoint({
  method: 'get',
  path: '/v1/organizations/{orgId}/templates',
  tag: 'Templates',
  role: 'viewer',
  summary: 'List all templates with their revision in force and their draft',
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
