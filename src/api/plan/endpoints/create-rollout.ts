import { createRollout } from '../plan-rollout';
import { defineEndpoint } from '../../http/endpoint';
import { rollout } from '../../rollout/schema';
import { rolloutRequestBody } from '../../rollout/request-schema';

export const createRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Plan a rollout',
  description:
    'Observes, plans and then waits for `start`: nothing is written before. Only the change is required: rolling a template out, ending one (R30), turning services off (R58, R59) or giving them back (R81), or what a CSV file asks for.',
  body: rolloutRequestBody,
  idempotencyKey: true,
  replies: {
    202: { description: 'Planning', schema: rollout, headers: { Location: 'Of the rollout' } },
  },
  problems: [
    'unknown-reference',
    'draft-pending',
    'template-in-use',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  handle: createRollout,
});
