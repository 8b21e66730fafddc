import { defineEndpoint } from '../../http/endpoint';
import { previewTemplate } from '../preview-template';
import { refuseUnusableGroup } from '../group-for-template';
import { requireGroup } from '../../directory/resolve-references';
import { rollout } from '../../rollout/schema';
import { previewBody } from '../schema';
import { entitlementsOf } from '../require-template';

export const previewGroupTemplateEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}/preview',
  tag: 'Templates',
  role: 'operator',
  summary: 'Plan what a template of a group would do, without saving it',
  description:
    'Checked like a save, planned like a rollout, stored as neither: the plan can be read and discarded, and expires, but never be started. To carry it out, save the template and roll it out.',
  body: previewBody,
  idempotencyKey: true,
  replies: {
    202: { description: 'Planning', schema: rollout, headers: { Location: 'Of the plan' } },
  },
  problems: [
    'ambiguous-name',
    'group-not-usable',
    'not-observed',
    'invalid-template',
    'unknown-reference',
    'request-in-progress',
    'idempotency-key-reused',
  ],
  async handle(exchange) {
    const { deps, organization, params, body } = exchange;
    const group = await requireGroup(deps.db, organization, params.groupId);
    refuseUnusableGroup(group);
    return previewTemplate(exchange, {
      scope: { kind: 'group', groupId: group.groupId },
      name: body.name,
      fallbackName: group.displayName,
      entitlements: entitlementsOf(body),
      body,
    });
  },
});
