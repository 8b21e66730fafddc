import { defineEndpoint } from '../../http/endpoint';
import { keepFeedback } from '../feedback/keep-feedback';
import { feedback, feedbackBody } from '../feedback/feedback-schema';

export const recordFeedbackEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/feedback',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'Record feedback about a rollout',
  description:
    'Possible once the rollout has started. Feedback is shown with the rollout, to be read before `promote`, and in the report.',
  body: feedbackBody,
  idempotencyKey: true,
  replies: {
    201: {
      description: 'Recorded',
      schema: feedback,
      headers: { Location: 'Address of all feedback' },
    },
  },
  problems: [
    'action-not-allowed',
    'unknown-reference',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  handle: keepFeedback,
});
