import { endTemplate } from '../end-template';
import { defineEndpoint } from '../../http/endpoint';
import { rollout } from '../../rollout/schema';
import { deleteTemplateQuery } from '../schema';

export const deleteOrganizationTemplateEndpoint = defineEndpoint({
  method: 'delete',
  path: '/v1/organizations/{orgId}/templates/organization',
  tag: 'Templates',
  role: 'admin',
  summary: 'End the organization template',
  description:
    'Asks for confirmation: without `confirm=true` the answer is a 409 that says what would happen. Future users get nothing from it any more (R24), and everybody keeps what they hold, unless `preserve=false`: then what it gave goes where no other template grants it, as a rollout that is planned and waits for its start; the template governs until then (R30).',
  query: deleteTemplateQuery,
  idempotencyKey: true,
  replies: {
    202: { description: 'Planning', schema: rollout, headers: { Location: 'Of the rollout' } },
    204: { description: 'Ended' },
  },
  problems: [
    'confirmation-required',
    'template-in-use',
    'draft-pending',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  handle(exchange) {
    const scope = { kind: 'organization' as const };
    const { confirm = false, preserve = true } = exchange.query;
    return endTemplate(exchange, { scope, isConfirmed: confirm, preserve });
  },
});
