import { defineEndpoint } from '../../http/endpoint';
import { keepFeedback } from '../keep-feedback';
import { feedback, feedbackBody } from '../feedback-schema';

export const recordFeedbackEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/feedback',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Keep what somebody says about a rollout',
  description:
    'From the start of a rollout on. It is shown on the rollout, so that it is read before `promote`, and in the report (R85).',
  body: feedbackBody,
  idempotencyKey: true,
  replies: {
    201: { description: 'Kept', schema: feedback, headers: { Location: 'Of all of it' } },
  },
  problems: [
    'action-not-allowed',
    'unknown-reference',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  handle: keepFeedback,
});
