import { setPaceUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../actions/perform-action';
import { setPaceBody, actionReplies } from '../actions/action-schema';

export const setPaceEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/set-pace',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Change the pace of writes',
  description: 'Applies to the whole organization, immediately and for all workers.',
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
