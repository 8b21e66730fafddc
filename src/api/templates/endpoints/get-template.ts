import { defineEndpoint } from '../../http/endpoint';
import { requireTemplate } from '../require-template';
import { template } from '../schema';
import type { TemplateSide } from '../template-side';
import { templateView } from '../template-view';

export const getTemplateEndpoint = (side: TemplateSide) =>
  defineEndpoint({
    method: 'get',
    path: side.path,
    tag: 'Templates',
    role: 'viewer',
    summary: `Show ${side.template}`,
    replies: {
      200: {
        description: 'The template',
        schema: template,
        headers: { ETag: 'Version of the template' },
      },
    },
    problems: side.nameProblems,
    async handle(exchange) {
      const { deps, organization } = exchange;
      const scope = await side.scope(exchange);
      const stored = await requireTemplate(deps.db, organization.orgId, scope);
      const body = templateView(stored);
      return { status: 200, body, headers: { ETag: body.etag } };
    },
  });
