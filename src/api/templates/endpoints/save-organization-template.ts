import { defineEndpoint } from '../../http/endpoint';
import { saveTemplate } from '../save-template';
import { saveTemplateBody, savedTemplate } from '../schema';
import { entitlementsOf } from '../require-template';
import { savedTemplateView } from '../template-view';

export const saveOrganizationTemplateEndpoint = defineEndpoint({
  method: 'put',
  path: '/v1/organizations/{orgId}/templates/organization',
  tag: 'Templates',
  role: 'admin',
  summary: 'Save a revision of the organization template',
  description:
    'Without `draft` it governs future users at once and changes no existing user (R23). As a draft it waits for its rollout (R16a). In `exclusive` mode `switchSide` deletes the templates of the other kind in the same step (R2).',
  body: saveTemplateBody,
  replies: {
    200: { description: 'A new revision', schema: savedTemplate },
    201: { description: 'A new template', schema: savedTemplate, headers: { Location: 'Of it' } },
  },
  problems: [
    'composition-conflict',
    'draft-pending',
    'template-in-use',
    'not-observed',
    'invalid-template',
  ],
  async handle({ deps, organization, caller, body }) {
    const saved = await saveTemplate(deps, {
      organization,
      caller,
      scope: { kind: 'organization' },
      name: body.name,
      fallbackName: organization.displayName,
      entitlements: entitlementsOf(body),
      draft: body.draft,
      switchSide: body.switchSide !== undefined,
    });
    return savedTemplateView(saved, organization);
  },
});
