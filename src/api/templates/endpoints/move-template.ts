import { z } from 'zod';
import { toWebexId } from '../../../domain/model/webex-id';
import { requireGroup } from '../../directory/resolve-references';
import { defineEndpoint } from '../../http/endpoint';
import { notFound } from '../../http/problem';
import { requestCheck } from '../../watch/request-check';
import { refuseUnusableGroup } from '../group-for-template';
import { moveToSuccessor } from '../move-to-successor';
import { template } from '../schema';
import { templateTag } from '../template-tag';
import { templateView } from '../template-view';

export const moveTemplateEndpoint = defineEndpoint({
  method: 'post',
  path: '/v1/organizations/{orgId}/templates/groups/{groupId}/move',
  tag: 'Templates',
  role: 'admin',
  summary: 'Move a template to the group that took the place of its own',
  description:
    "For a group that a directory has deleted and made again, or renamed: the template keeps its revisions, its draft and the record of what it gave. Members of both groups haven't joined; the next check, which is started, covers the others. Refused while the template's own group exists.",
  body: z.strictObject({
    to: z.string().min(1).max(500).meta({
      description: 'Id or name of the successor, which has no template of its own',
    }),
  }),
  ifMatch: true,
  replies: {
    200: {
      description: 'The template, with its new group',
      schema: template,
      headers: { Location: 'Address of the template', ETag: 'Version of the template' },
    },
  },
  problems: ['ambiguous-name', 'group-not-usable', 'group-exists'],
  async handle(exchange) {
    const { deps, organization, caller, params, body, requireMatch } = exchange;
    const { orgId, orgUuid } = organization;
    const from = toWebexId('group', params.groupId, orgUuid);
    if (from === undefined) throw notFound('template for this group');
    const to = await requireGroup(deps.db, organization, body.to);
    refuseUnusableGroup(to);
    const moved = await moveToSuccessor(deps.db, { orgId, from, to, caller, requireMatch });
    await requestCheck(exchange, organization);
    const view = templateView(moved);
    return {
      status: 200,
      body: view,
      headers: { Location: view.links.self, ETag: templateTag(moved) },
    };
  },
});
