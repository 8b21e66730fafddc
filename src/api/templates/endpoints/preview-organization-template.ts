import { defineEndpoint } from '../../http/endpoint';
import { previewTemplate } from '../preview-template';
import { rollout } from '../../rollout/schema';
import { previewBody } from '../schema';
import { entitlementsOf } from '../require-template';

export const previewOrganizationTemplateEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/templates/organization/preview',
  tag: 'Templates',
  role: 'operator',
  summary: 'Plan what an organization template would do, without saving it',
  description:
    'Checked like a save, planned like a rollout, stored as neither: the plan can be read and discarded, and expires, but never be started. To carry it out, save the template and roll it out.',
  body: previewBody,
  idempotencyKey: true,
  replies: {
    202: { description: 'Planning', schema: rollout, headers: { Location: 'Of the plan' } },
  },
  problems: [
    'not-observed',
    'invalid-template',
    'unknown-reference',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  handle(exchange) {
    const { organization, body } = exchange;
    return previewTemplate(exchange, {
      scope: { kind: 'organization' },
      name: body.name,
      fallbackName: organization.displayName,
      entitlements: entitlementsOf(body),
      body,
    });
  },
});
