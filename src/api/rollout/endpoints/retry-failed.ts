import { defineEndpoint } from '../../http/endpoint';
import { retryFailedUsers } from '../actions/retry-failed-users';
import { actionBody, actionReplies } from '../actions/action-schema';

export const retryFailedEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/retry-failed',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Retry the failed users of an ended rollout',
  description:
    'Requires the role approver where too many users failed, or, for a rollout of the watch, too many whom the watch wrote in the last 24 hours.',
  body: actionBody,
  bodyOptional: true,
  idempotencyKey: true,
  replies: actionReplies,
  problems: [
    'action-not-allowed',
    'action-too-late',
    'organization-busy',
    'idempotency-key-reused',
  ],
  handle: retryFailedUsers,
});
