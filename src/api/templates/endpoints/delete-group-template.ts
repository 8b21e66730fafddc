import { endTemplate } from '../end-template';
import { defineEndpoint } from '../../http/endpoint';
import { rollout } from '../../rollout/schema';
import { deleteTemplateQuery } from '../schema';
import { groupScope } from '../require-template';

export const deleteGroupTemplateEndpoint = defineEndpoint({
  method: 'delete',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}',
  tag: 'Templates',
  role: 'admin',
  summary: 'End the template of a group',
  description:
    'Asks for confirmation: without `confirm=true` the answer is a 409 that says what would happen. Future users get nothing from it any more (R24), and everybody keeps what they hold, unless `preserve=false`: then what it gave goes where no other template grants it, as a rollout that is planned and waits for its start; the template governs until then (R30).',
  query: deleteTemplateQuery,
  idempotencyKey: true,
  replies: {
    202: { description: 'Planning', schema: rollout, headers: { Location: 'Of the rollout' } },
    204: { description: 'Ended' },
  },
  problems: [
    'ambiguous-name',
    'confirmation-required',
    'template-in-use',
    'draft-pending',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  async handle(exchange) {
    const { deps, organization, params, query } = exchange;
    const scope = await groupScope(deps.db, organization, params.groupId);
    const { confirm = false, preserve = true } = query;
    return endTemplate(exchange, { scope, isConfirmed: confirm, preserve });
  },
});
