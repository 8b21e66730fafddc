import { pauseUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../actions/perform-action';
import { actionBody, actionReplies } from '../actions/action-schema';

export const pauseRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/pause',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Pause a rollout',
  description: 'Once this request returns, no new write starts.',
  body: actionBody,
  bodyOptional: true,
  idempotencyKey: true,
  replies: actionReplies,
  problems: ['action-not-allowed', 'action-too-late', 'idempotency-key-reused'],
  handle: (exchange) =>
    performAction(exchange, {
      action: 'pause',
      updateName: pauseUpdate.name,
    }),
});
