import { z } from 'zod';
import { listRevisions } from '../../../db/templates/templates';
import { defineEndpoint } from '../../http/endpoint';
import { requireTemplate } from '../require-template';
import { revision } from '../schema';
import type { TemplateSide } from '../template-side';
import { revisionView } from '../template-view';

export const listTemplateRevisionsEndpoint = (side: TemplateSide) =>
  defineEndpoint({
    method: 'get',
    path: `${side.path}/revisions`,
    tag: 'Templates',
    role: 'viewer',
    summary: `List the revisions of ${side.template}, newest first`,
    replies: {
      200: { description: 'Revisions', schema: z.strictObject({ items: z.array(revision) }) },
    },
    problems: side.nameProblems,
    async handle(exchange) {
      const { deps, organization } = exchange;
      const scope = await side.scope(exchange);
      const { row } = await requireTemplate(deps.db, organization.orgId, scope);
      const revisions = await listRevisions(deps.db, row.templateId);
      return { status: 200, body: { items: revisions.map(revisionView) } };
    },
  });
