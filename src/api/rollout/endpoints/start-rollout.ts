import { startUpdate } from '../../../contract/messages';
import { defineEndpoint } from '../../http/endpoint';
import { performAction } from '../actions/perform-action';
import { startBody, actionReplies } from '../actions/action-schema';

export const startRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/start',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Start a planned rollout',
  description:
    "Requires the digest of the plan: if the plan has changed, the start is refused. Requires the role approver where the rollout has no pilot or nobody in it, automatic gates or guards looser than the default ones, acknowledges what can't be undone, or takes up users of a rollout that stood at a gate or in which too many failed. So does a plan of the watch while too many whom it wrote in the last 24 hours failed.",
  body: startBody,
  idempotencyKey: true,
  replies: actionReplies,
  problems: [
    'action-not-allowed',
    'action-too-late',
    'digest-mismatch',
    'organization-busy',
    'guard-tripped',
    'plan-stale',
    'read-only',
    'idempotency-key-reused',
  ],
  handle: (exchange) =>
    performAction(exchange, {
      action: 'start',
      updateName: startUpdate.name,
      input: { digest: exchange.body.digest },
      digest: exchange.body.digest,
    }),
});
