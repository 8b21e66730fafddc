import { createRollout } from '../plan-rollout';
import { listLimitBytes } from '../../http/body/request-body';
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
    'Reads the directory, plans, and waits for `start`: nothing is written before. Only the change is required: roll out a template, end one, remove services or restore them, or apply a CSV file. Requires the role approver without a pilot, with automatic gates, or with `acknowledgeIrreversible`.',
  body: rolloutRequestBody,
  limitBytes: listLimitBytes,
  idempotencyKey: true,
  replies: {
    202: {
      description: 'Planning',
      schema: rollout,
      headers: { Location: 'Address of the rollout' },
    },
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
