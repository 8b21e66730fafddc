import { abortUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../actions/perform-action';
import { actionBody, actionReplies } from '../actions/action-schema';

export const abortRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/abort',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Stop a rollout permanently',
  description: 'Once this request returns, no new write starts. What was written is kept.',
  body: actionBody,
  bodyOptional: true,
  idempotencyKey: true,
  replies: actionReplies,
  problems: ['action-not-allowed', 'action-too-late', 'idempotency-key-reused'],
  handle: (exchange) =>
    performAction(exchange, {
      action: 'abort',
      updateName: abortUpdate.name,
    }),
});
