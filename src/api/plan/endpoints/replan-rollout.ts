import { listLimitBytes } from '../../http/body/request-body';
import { defineEndpoint } from '../../http/endpoint';
import { replanBody } from '../../rollout/request-schema';
import { rollout } from '../../rollout/schema';
import { replanRollout } from '../replan-rollout';

export const replanRolloutEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/replan',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Plan a rollout again',
  description:
    'Before the start: the same rollout and draft get a new plan with a new digest; the old digest no longer starts. At a gate, paused or halted: the rollout ends, and a new one takes up its draft and all users who are left. After the end: a new one takes up the users who are left. What the body leaves out stays as the rollout has it. The warning `planned-again` of the new plan says what differs.',
  body: replanBody,
  bodyOptional: true,
  limitBytes: listLimitBytes,
  idempotencyKey: true,
  replies: {
    202: {
      description: 'Planning: this rollout, or the one that takes up what it leaves',
      schema: rollout,
      headers: { Location: 'Address of the rollout that is planned' },
    },
  },
  problems: [
    'unknown-reference',
    'action-not-allowed',
    'action-too-late',
    'draft-pending',
    'template-in-use',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  handle: replanRollout,
});
