import { defineEndpoint } from '../../http/endpoint';
import { rollout } from '../../rollout/schema';
import { endTemplate } from '../end-template';
import { deleteTemplateQuery } from '../schema';
import type { TemplateSide } from '../template-side';

export const deleteTemplateEndpoint = (side: TemplateSide) =>
  defineEndpoint({
    method: 'delete',
    path: side.path,
    tag: 'Templates',
    role: 'admin',
    summary: `Delete ${side.template}`,
    description:
      'Has to be confirmed: without `confirm=true` the answer is a 409 that describes what would happen. New users no longer get anything from it. Everybody keeps what they hold, unless `preserve=false`: then a rollout is planned that removes what the template granted, except where another template grants it. That rollout waits for its start, and the template governs until then.',
    query: deleteTemplateQuery,
    idempotencyKey: true,
    ifMatch: true,
    replies: {
      202: {
        description: 'Planning',
        schema: rollout,
        headers: { Location: 'Address of the rollout' },
      },
      204: { description: 'Deleted' },
    },
    problems: [
      ...side.nameProblems,
      'confirmation-required',
      'template-in-use',
      'draft-pending',
      'request-in-progress',
      'idempotency-key-reused',
    ],
    async handle(exchange) {
      const { confirm = false, preserve = true } = exchange.query;
      const scope = await side.scope(exchange);
      return endTemplate(
        exchange,
        { scope, isConfirmed: confirm, preserve },
        exchange.requireMatch,
      );
    },
  });
