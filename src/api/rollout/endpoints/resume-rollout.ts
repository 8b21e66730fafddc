import { resumeUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../actions/perform-action';
import { actionBody, actionReplies } from '../actions/action-schema';

export const resumeRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/resume',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Resume a paused or halted rollout',
  description:
    'Requires the role approver where too many users failed, or where more users of a wave were not found than can be believed: they then count as gone.',
  body: actionBody,
  bodyOptional: true,
  idempotencyKey: true,
  replies: actionReplies,
  problems: ['action-not-allowed', 'action-too-late', 'plan-stale', 'idempotency-key-reused'],
  handle: (exchange) =>
    performAction(exchange, {
      action: 'resume',
      updateName: resumeUpdate.name,
    }),
});
