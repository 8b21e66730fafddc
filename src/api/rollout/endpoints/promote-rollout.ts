import { promoteUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../actions/perform-action';
import { actionBody, actionReplies } from '../actions/action-schema';

export const promoteRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/promote',
  tag: 'Rollouts',
  role: 'approver',
  summary: 'Let the next wave begin',
  description: 'The decision at a gate, after the pilot and between waves.',
  body: actionBody,
  bodyOptional: true,
  idempotencyKey: true,
  replies: actionReplies,
  problems: ['action-not-allowed', 'action-too-late', 'plan-stale', 'idempotency-key-reused'],
  handle: (exchange) =>
    performAction(exchange, {
      action: 'promote',
      updateName: promoteUpdate.name,
    }),
});
