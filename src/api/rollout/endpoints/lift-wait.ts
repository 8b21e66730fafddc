import { defineEndpoint } from '../../http/endpoint';
import { actionBody, actionReplies } from '../actions/action-schema';
import { liftWaitOfOrganization } from '../actions/lift-wait-of-organization';

export const liftWaitEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/rollouts/{rolloutId}/lift-wait',
  tag: 'Rollouts',
  role: 'operator',
  summary: 'End the wait that Webex asked for',
  description:
    'Webex asks an organization to wait when it is written to too fast (429). Possible while `pace.notBefore` is set; it applies to the whole organization. Writes go on within 15 seconds.',
  body: actionBody,
  bodyOptional: true,
  idempotencyKey: true,
  replies: actionReplies,
  problems: ['action-not-allowed', 'action-too-late', 'idempotency-key-reused'],
  handle: liftWaitOfOrganization,
});
