import { createRollout } from '../create-rollout';
import { defineEndpoint } from '../endpoint';
import { rollout } from '../schemas/rollout';
import { rolloutRequestBody } from '../schemas/rollout-request';

export const createRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Plan a rollout',
  description:
    'Observes, plans and then waits for `start`: nothing is written before. Only the change is required.',
  body: rolloutRequestBody,
  idempotencyKey: true,
  replies: {
    202: { description: 'Planning', schema: rollout, headers: { Location: 'Of the rollout' } },
  },
  problems: ['unknown-reference', 'draft-pending', 'request-in-progress', 'idempotency-key-reused'],
  handle: createRollout,
});
