import { discardUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../actions/perform-action';
import { actionBody, actionReplies } from '../actions/action-schema';

export const discardRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/discard',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Discard a plan that was never started',
  description: 'A draft that the plan would have tried is dropped.',
  body: actionBody,
  bodyOptional: true,
  idempotencyKey: true,
  replies: actionReplies,
  problems: ['action-not-allowed', 'action-too-late', 'idempotency-key-reused'],
  handle: (exchange) =>
    performAction(exchange, {
      action: 'discard',
      updateName: discardUpdate.name,
    }),
});
