import { setPaceUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../perform-action';
import { setPaceBody, actionReplies } from '../action-schema';

export const setPaceEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/set-pace',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Change how fast is written',
  description: 'Of the whole organization, at once and for all workers.',
  body: setPaceBody,
  idempotencyKey: true,
  replies: actionReplies,
  problems: ['action-not-allowed', 'action-too-late', 'idempotency-key-reused'],
  handle: (exchange) =>
    performAction(exchange, {
      action: 'set-pace',
      updateName: setPaceUpdate.name,
      input: { writesPerSecond: exchange.body.writesPerSecond },
    }),
});
