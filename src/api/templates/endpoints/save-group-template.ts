import { defineEndpoint } from '../../http/endpoint';
import { groupWarnings, refuseUnusableGroup } from '../group-for-template';
import { requireGroup } from '../../directory/resolve-references';
import { saveTemplate } from '../save-template';
import { saveTemplateBody, savedTemplate } from '../schema';
import { entitlementsOf } from '../require-template';
import { savedTemplateView } from '../template-view';
import { requestCheck } from '../../watch/request-check';

export const saveGroupTemplateEndpoint = defineEndpoint({
  method: 'put',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}',
  tag: 'Templates',
  role: 'admin',
  summary: 'Save a revision of the template of a group',
  description:
    'Without `draft` it governs future users at once and changes no existing user (R23). As a draft it waits for its rollout (R16a). In `exclusive` mode `switchSide` deletes the templates of the other kind in the same step (R2). The group of a location (R13) and a distribution group (R12) are refused.',
  body: saveTemplateBody,
  replies: {
    200: { description: 'A new revision', schema: savedTemplate },
    201: { description: 'A new template', schema: savedTemplate, headers: { Location: 'Of it' } },
  },
  problems: [
    'ambiguous-name',
    'group-not-usable',
    'composition-conflict',
    'draft-pending',
    'template-in-use',
    'not-observed',
    'invalid-template',
  ],
  async handle(exchange) {
    const { deps, organization, params, caller, body } = exchange;
    const group = await requireGroup(deps.db, organization, params.groupId);
    refuseUnusableGroup(group);
    const saved = await saveTemplate(deps, {
      organization,
      caller,
      scope: { kind: 'group', groupId: group.groupId },
      name: body.name,
      fallbackName: group.displayName,
      entitlements: entitlementsOf(body),
      draft: body.draft,
      switchSide: body.switchSide !== undefined,
    });
    // Who joins from now on is to be told from who was there already.
    if (saved.created) await requestCheck(exchange, organization);
    const warnings = [...groupWarnings(group), ...saved.warnings];
    return savedTemplateView({ ...saved, warnings }, organization);
  },
});
